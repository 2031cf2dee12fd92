/* test_origin.c - which batches come from one source */
#include "lib/store/origin.h"
#include "tests/unit/test.h"

static size_t
meet(struct case_origins *o, const char *layout, const char *header)
{
	struct case_error err;
	size_t origin = 99;

	CHECK_INT(case_origins_meet(o, layout, header, &origin, &err), CASE_OK);
	return origin;
}

/* A header is the same whatever was counted in its columns. */
static void
test_counts(void)
{
	struct case_origins o = { 0 };
	size_t one, two;

	meet(&o, "hand", "[]");
	one = meet(&o, "",
	    "[[\"a\",\"\"],[\"b\",\"\"],[\"c\",\"\"],[\"d\",\"\"],[\"e\",\"\"],"
	    "[\"f\",\"\"]]");
	two = meet(&o, "",
	    "[[\"a\",\"\",1,2,3],[\"b\",\"\"],[\"c\",\"\"],[\"u\",\"\"],"
	    "[\"v\",\"\"],[\"w\",\"\"]]");
	CHECK(one != two);
	/* Now it is much like the first, too. */
	CHECK_INT(meet(&o, "",
		      "[[\"a\",\"\",1,2,3],[\"b\",\"\"],[\"c\",\"\"],"
		      "[\"d\",\"\"],[\"u\",\"\"]]"),
	    two);
	CHECK_INT(meet(&o, "",
		      "[[\"a\",\"\",10,0,7],[\"b\",\"\",1,1,1],[\"c\",\"\"],"
		      "[\"d\",\"\"],[\"e\",\"\"],[\"f\",\"\",0,0,0]]"),
	    one);
	CHECK_INT(meet(&o, "",
		      "[[\"a\",\"\"],[\"b\",\"\"],[\"c\",\"\"],[\"d\",\"\"],"
		      "[\"g\",\"\"],[\"f\",\"\"]]"),
	    two);
	case_origins_free(&o);
}

/* Digits and quotes within a name are no counts. */
static void
test_names(void)
{
	static const char *const odd[] = { "[[\"x,1\",\"\"]]",
		"[[\"x,2\",\"\"]]", "[[\"x\\\",1\",\"\"]]",
		"[[\"x\\\",2\",\"\"]]", "[[\"x\\\\\",\"\"]]",
		"[[\"x\\\\\",\"f\",1,2,3]]" };
	struct case_origins o = { 0 };
	size_t got[6];

	meet(&o, "hand", "[]");
	for (size_t i = 0; i < 6; i++)
		got[i] = meet(&o, "", odd[i]);
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(got[i] != got[k]);
	/* Another field does not make another source. */
	CHECK_INT(got[5], got[4]);
	for (size_t i = 0; i < 4; i++)
		CHECK_INT(meet(&o, "", odd[i]), got[i]);
	/* Of a layout the name alone counts. */
	CHECK(meet(&o, "l", odd[0]) != got[0]);
	CHECK_INT(meet(&o, "l", odd[1]), meet(&o, "l", odd[0]));
	case_origins_free(&o);
}

int
main(void)
{
	test_counts();
	test_names();
	TEST_END();
}
