/* test_document.c - a document's text, and what its file's name says */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/limits.h"
#include "lib/format/docname.h"
#include "tests/unit/rowtext.h"
#include "tests/unit/zipmake.h"

static void
test_names(void)
{
	static const struct {
		const char *path;
		const char *want; /* number|kind|date */
	} names[] = {
		{ "婺综执罚决字〔2023〕第000123号 处罚决定书.docx",
		    "婺综执罚决字〔2023〕第000123号|处罚决定书|" },
		{ "婺综执罚决字（2023）第000123号处罚决定书.docx",
		    "婺综执罚决字（2023）第000123号|处罚决定书|" },
		{ "婺综执罚决字[2023]12号_处罚决定书_2023-06-12.txt",
		    "婺综执罚决字[2023]12号|处罚决定书|2023-06-12" },
		{ "XC2023001_询问笔录.txt", "XC2023001|询问笔录|" },
		{ "a/b.c/XC2023001_询问笔录.txt", "XC2023001|询问笔录|" },
		{ "XC2023001 询问笔录(2).txt", "XC2023001|询问笔录|" },
		{ "XC2023001　询问笔录（12）.txt", "XC2023001|询问笔录|" },
		{ "XC2023001_询问笔录2_20230612.txt",
		    "XC2023001|询问笔录|20230612" },
		{ "询问笔录_XC2023001.txt", "XC2023001|询问笔录|" },
		{ "2023年6月12日 XC-2023-001 询问笔录.md",
		    "XC-2023-001|询问笔录|2023年6月12日" },
		{ "XC2023001询问笔录.txt", "XC2023001|询问笔录|" },
		{ "婺城立2023001.txt", "婺城立2023001||" },
		{ "33990102202300000001.txt", "33990102202300000001||" },
		{ "询问笔录.txt", "|询问笔录|" },
		{ "询问笔录1.txt", "|询问笔录|" },
		{ "2023.zip/XC2023001/询问笔录1.txt", "XC2023001|询问笔录|" },
		{ "2023.zip/婺综罚〔2023〕1号 店/卷/询问笔录.txt",
		    "婺综罚〔2023〕1号|询问笔录|" },
		{ "2023.zip/询问笔录.txt", "|询问笔录|" },
		{ "20230612.txt", "||20230612" },
		{ ".txt", "|.txt|" },
		{ "", "||" },
		{ "_ _.docx", "||" },
		{ "〔2023〕号.docx", "〔2023〕号||" },
		{ "(2).txt", "(2)||" },
		{ "〔2023", "〔2023||" },
		{ "20.2.3.4.5.6.7.日", "||20.2.3.4.5.6.7" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct case_docname d;
		struct case_buf got = { 0 };

		case_docname_parse(&d, names[i].path);
		case_buf_addf(&got, "%.*s|%.*s|%.*s", (int)d.case_no.n,
		    d.case_no.p, (int)d.kind.n, d.kind.p, (int)d.dated_on.n,
		    d.dated_on.p);
		if (strcmp(got.p, names[i].want) != 0)
			fprintf(stderr, "%s:\n", names[i].path);
		CHECK_STR(got.p, names[i].want);
		case_buf_free(&got);
	}
}

/* The cells and lines of a document of that name, or why it is none. */
static char *
document(const char *p, size_t n, const char *name)
{
	const struct case_reader_options o = {
		.format = CASE_ROWS_DOCUMENT,
		.name = name,
	};
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_buf out = { 0 }, again = { 0 };
	enum case_status rc;
	char file[64];

	write_file(file, p, n);
	rc = case_input_open(&in, file, CASE_ENCODING_AUTO, &err);
	if (rc == CASE_OK)
		rc = case_reader_open(&rd, in, &o, &err);
	if (rc == CASE_OK && (rc = rows_text(&out, rd, &err)) == CASE_EOF) {
		CHECK_STR(case_reader_type(rd), "document");
		CHECK_INT(case_reader_rewind(rd, &err), CASE_OK);
		CHECK_INT(rows_text(&again, rd, &err), CASE_EOF);
		CHECK_STR(case_buf_str(&again), case_buf_str(&out));
	}
	if (rc != CASE_EOF)
		case_buf_addf(&out, "%s", err.what);
	case_reader_close(rd);
	case_input_close(in);
	unlink(file);
	case_buf_free(&again);
	case_buf_adds(&out, "");
	return out.p;
}

#define CHECK_DOCUMENT(p, n, name, want)                 \
	do {                                             \
		char *doc_ = document((p), (n), (name)); \
		CHECK_STR(doc_, (want));                 \
		free(doc_);                              \
	} while (0)

static void
check_words(const char *p, size_t n, const char *name, const char *words)
{
	char *d = document(p, n, name);

	if (strstr(d, words) == NULL) {
		fprintf(stderr, "%s, not %s\n", d, words);
		CHECK(false);
	}
	free(d);
}

static void
test_text(void)
{
	static const char crlf[] = "\xef\xbb\xbf问：姓名？\r\n答：张三。\r\r\n";
	static const char gbk[] = "\xce\xca\xa3\xba\xd0\xd5\xc3\xfb\n";

	CHECK_DOCUMENT(crlf, sizeof(crlf) - 1, "A1 笔录.txt",
	    "1+3[A1][笔录][A1 笔录.txt][][问：姓名？\n答：张三。]\n");
	CHECK_DOCUMENT(gbk, sizeof(gbk) - 1, "A1.md",
	    "1[A1][][A1.md][][问：姓名]\n");
	CHECK_DOCUMENT("", 0, "A1.txt", "1[A1][][A1.txt][][]\n");
	CHECK_DOCUMENT("\n\n", 2, "A1.txt", "1+2[A1][][A1.txt][][]\n");
	check_words("aaaaaaaaaaaaaaaa\0b", 18, "A1.txt", "1!a");
	check_words("%PDF-1.7", 8, "A1.txt", "a PDF document");
	check_words("PK\x03\x04", 4, "A1.txt", "damaged");
}

/* A document of Word with that body. */
static char *
word(const char *body, const char *part)
{
	struct zipmake z = { 0 };
	struct case_buf xml = { 0 };
	char *d;

	case_buf_addf(&xml,
	    "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" "
	    "xmlns:mc=\"m\"><w:body>%s</w:body></w:document>",
	    body);
	zip_add(&z, "[Content_Types].xml", "<Types/>");
	zip_add_n(&z, part, xml.p, xml.n);
	zip_end(&z);
	d = document(z.out.p, z.out.n, "A1.DOCX");
	zip_free(&z);
	case_buf_free(&xml);
	return d;
}

#define CHECK_WORD(body, want)                                     \
	do {                                                       \
		char *doc_ = word((body), "word/document.xml");    \
		CHECK_STR(doc_, "1[A1][][A1.DOCX][][" want "]\n"); \
		free(doc_);                                        \
	} while (0)

static void
test_docx(void)
{
	char *d;

	CHECK_WORD("<w:p><w:pPr><w:tabs><w:tab w:pos=\"1\"/></w:tabs></w:pPr>"
		   "<w:r><w:t>一</w:t><w:tab/><w:t xml:space=\"preserve\"> 二"
		   "</w:t></w:r></w:p><w:p><w:r><w:t>三</w:t><w:br/><w:t>四"
		   "</w:t></w:r></w:p><w:p/>",
	    "一\t 二\n三\n四");
	CHECK_WORD("<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p>"
		   "<w:r><w:t>b</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc>"
		   "<w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr>"
		   "<w:tr><w:tc><w:p><w:r><w:t>d</w:t></w:r></w:p></w:tc>"
		   "</w:tr></w:tbl><w:p><w:r><w:t>e</w:t></w:r></w:p>",
	    "a b\t\tc\nd\ne");
	CHECK_WORD("<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r>"
		   "<w:delText>out</w:delText><w:t>out</w:t></w:r></w:del>"
		   "<w:r><w:instrText>PAGE</w:instrText></w:r>"
		   "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>once</w:t>"
		   "</w:r></w:p></mc:Choice><mc:Fallback><w:p><w:r><w:t>twice"
		   "</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
		   "</w:p>",
	    "inonce");
	CHECK_WORD("", "");
	d = word("<w:p><w:t>x</w:t></w:p>", "word/document2.xml");
	CHECK(strstr(d, "[x]") != NULL);
	free(d);
	d = word("", "xl/workbook.xml");
	CHECK(strstr(d, "is no Word document") != NULL);
	free(d);
	d = word("<w:p>", "word/document.xml");
	CHECK(strstr(d, "1[") == NULL);
	free(d);
	check_words("text", 4, "A1.docx", "damaged");
}

static void
test_html(void)
{
	static const char page[] =
	    "<!DOCTYPE html><html><head><meta charset=utf-8><title>t</title>"
	    "<style>p{}</style></head><body><h1>决定书</h1>\n<p>当事人：\n "
	    "张三&amp;co<br>二</p><table><tr><td>a</td><td>b</td></tr>"
	    "<tr><th>c</th></tr></table><script>x()</script>end</body></html>";
	static const char deep[] = "<table><tr><td>";
	struct case_buf b = { 0 };

	CHECK_DOCUMENT(page, sizeof(page) - 1, "A1.html",
	    "1+3[A1][][A1.html][][决定书\n当事人： 张三&co\n二\na b\nc\nend]"
	    "\n");
	CHECK_DOCUMENT("", 0, "A1.htm", "1[A1][][A1.htm][][]\n");
	for (int i = 0; i < 10000; i++)
		case_buf_add(&b, deep, sizeof(deep) - 1);
	case_buf_adds(&b, "x");
	check_words(b.p, b.n, "A1.html", "x]");
	case_buf_free(&b);
}

int
main(void)
{
	test_names();
	test_text();
	test_docx();
	test_html();
	TEST_END();
}
