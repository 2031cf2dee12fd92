/* test_store.c - batches, identities, history, undo, files and their faults */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "case/decode.h"
#include "case/digest.h"
#include "tests/unit/store.h"

#define UNIT "城中中队"

/* --- loading ------------------------------------------------------------- */

static void
test_first_load(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("a.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	struct outcome o;
	struct stat sb;

	CHECK_INT(access(in_folder("a.db"), F_OK), -1);
	CHECK_INT(case_store_add_type(st, rt, &err), CASE_OK);
	o = IMPORT(st, rt,
	    "A1|" UNIT "|2023-01-05|婺罚〔2023〕第1号|100|1.5|simple|1|x",
	    "A2|" UNIT "|||||ordinary||", "|||婺罚〔2023〕第2号|5|||0|",
	    "A1|||||||||", "A2|" UNIT "|||||ordinary||");
	CHECK_INT(o.rc, CASE_OK);
	CHECK_INT(o.batch, 1);
	CHECK_INT(o.added, 3);
	CHECK_INT(o.unchanged, 1);
	CHECK_INT(o.rejected, 1);
	CHECK_STR(o.reason, "the same 案件编号 as line 2, with other content");
	CHECK_INT(case_store_revision(st), 1);
	CHECK_INT(stat(in_folder("a.db"), &sb), 0);
	CHECK_INT(sb.st_mode & 0777, 0600);
	CHECK_SOUND(st);
	case_store_close(st);

	st = open_store("a.db", CASE_STORE_READ);
	CHECK_INT(case_store_revision(st), 1);
	CHECK_STR(case_store_type_name(st, 0), "case");
	CHECK(case_store_type_name(st, 1) == NULL);
	CHECK_DUMP(st,
	    "A1|" UNIT "|2023-01-05|婺罚〔2023〕第1号|100.00|1.5|simple|1|x|"
	    " @1:2-0\n"
	    "A2|" UNIT "|||||ordinary||| @1:3-0\n"
	    "|||婺罚〔2023〕第2号|5.00|||0|| @1:4-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

int
main(void)
{
	make_folder();
	test_first_load();
	remove_folder();
	TEST_END();
}
