/* test_ident.c - check digits and document numbers */
#include "case/ident.h"
#include "tests/unit/test.h"

typedef bool valid_fn(const char *p, size_t n);

static void
check(valid_fn *valid, const char *s, bool want)
{
	test_checked++;
	if (valid(s, strlen(s)) != want) {
		test_failed++;
		fprintf(stderr, "test_ident.c: \"%s\" is %s\n", s,
		    want ? "refused" : "taken");
	}
}

/*
 * Changing one character must be found by the check digit, whatever the
 * place: all four codes promise that for digits.
 */
static void
check_slips(valid_fn *valid, const char *good)
{
	size_t n = strlen(good);
	char s[32];

	for (size_t i = 0; i < n; i++) {
		for (char c = '0'; c <= '9'; c++) {
			if (good[i] < '0' || good[i] > '9' || good[i] == c)
				continue;
			memcpy(s, good, n + 1);
			s[i] = c;
			check(valid, s, false);
		}
	}
	for (size_t i = 0; i < n; i++) {
		memcpy(s, good, i);
		s[i] = '\0';
		check(valid, s, false);
	}
	snprintf(s, sizeof(s), "%s0", good);
	check(valid, s, false);
	snprintf(s, sizeof(s), " %s", good);
	check(valid, s, false);
}

static void
test_uscc(void)
{
	check(case_valid_uscc, "91330702MA2D1X34XE", true);
	check(case_valid_uscc, "91330702ma2d1x34xe", true);
	check(case_valid_uscc, "92330702MA2E5Y679A", true);
	check(case_valid_uscc, "11330702002620019M", true);
	check(case_valid_uscc, "11330800002618015K", true);
	check(case_valid_uscc, "11331002002668442T", true);
	check(case_valid_uscc, "91330702MA2D1X34XF", false);
	check(case_valid_uscc, "91330702MA2D1X34IE", false);
	check(case_valid_uscc, "92330702MA2E5Y679", false);
	check(case_valid_uscc, "9133O702MA2D1X34XE", false);
	check(case_valid_uscc, "91330702MA2D1X34X-", false);
	check(case_valid_uscc, "91330702MA2D1X34X\xff", false);
	check(case_valid_uscc, "", false);
	CHECK(!case_valid_uscc("91330702MA2D1X34\0E", 18));
	check_slips(case_valid_uscc, "11330702002620019M");
}

static void
test_orgcode(void)
{
	check(case_valid_orgcode, "00262001-9", true);
	check(case_valid_orgcode, "002620019", true);
	check(case_valid_orgcode, "MA2D1X34-X", true);
	check(case_valid_orgcode, "ma2d1x34x", true);
	check(case_valid_orgcode, "47123456-7", true);
	check(case_valid_orgcode, "00262001-8", false);
	check(case_valid_orgcode, "MA2D1X34-0", false);
	check(case_valid_orgcode, "4712345-67", false);
	check(case_valid_orgcode, "00262001_9", false);
	check(case_valid_orgcode, "0026200-19", false);
	check(case_valid_orgcode, "", false);
	check_slips(case_valid_orgcode, "00262001-9");
}

static void
test_bizreg(void)
{
	check(case_valid_bizreg, "330702000012344", true);
	check(case_valid_bizreg, "330702600123457", true);
	check(case_valid_bizreg, "110108000000016", true);
	check(case_valid_bizreg, "330702000012345", false);
	check(case_valid_bizreg, "33070200001234", false);
	check(case_valid_bizreg, "33070200001234A", false);
	check(case_valid_bizreg, "", false);
	check_slips(case_valid_bizreg, "330702000012344");
}

static void
test_resident(void)
{
	check(case_valid_resident, "330702199003070011", true);
	check(case_valid_resident, "331002200002290029", true);
	check(case_valid_resident, "330903198512311234", true);
	check(case_valid_resident, "11010519491231002X", true);
	check(case_valid_resident, "11010519491231002x", true);
	check(case_valid_resident, "330702199003070012", false);
	check(case_valid_resident, "33070219990230001X", false);
	check(case_valid_resident, "33070219900307001", false);
	check(case_valid_resident, "330702********0011", false);
	check(case_valid_resident, "3.30702199E+17    ", false);
	check(case_valid_resident, "030702199003070011", false);
	check(case_valid_resident, "", false);
	check_slips(case_valid_resident, "330702199003070011");

	check(case_valid_resident15, "330702900307001", true);
	check(case_valid_resident15, "330702000229001", false);
	check(case_valid_resident15, "330702040229001", true);
	check(case_valid_resident15, "330702901307001", false);
	check(case_valid_resident15, "330702900300001", false);
	check(case_valid_resident15, "030702900307001", false);
	check(case_valid_resident15, "33070290030700X", false);
	check(case_valid_resident15, "33070290030700", false);
	check(case_valid_resident15, "3307029003070011", false);
}

static void
good(const char *s, const char *organ, int year, int64_t number,
    const char *suffix)
{
	struct case_docno d = { 0 };

	if (!case_docno_parse(&d, s, strlen(s)))
		fprintf(stderr, "test_ident.c: \"%s\" is refused\n", s);
	CHECK_STR(d.organ, organ);
	CHECK_INT(d.year, year);
	CHECK_INT(d.number, number);
	CHECK_STR(d.suffix, suffix);
}

static void
test_numbers(void)
{
	static const char *const same[] = { "婺综执罚决字〔2023〕123号",
		"婺综执罚决字〔2023〕第000123号", "婺综执罚决字〔2023〕123",
		"婺综执罚决字〔2023〕第123号", "婺综执罚决字[2023]123号",
		"婺综执罚决字【2023】123号", "婺综执罚决字(2023)123号",
		"婺综执罚决字（2023）123号", "婺综执罚决字［2023］123号",
		"婺综执罚决字﹝2023﹞123号", "婺综执罚决字<2023>123号",
		"婺综执罚决字＜２０２３＞１２３号", "婺综执罚决字〈2023〉123号",
		"婺综执罚决字〔2023]123号", "婺综执罚决字 〔 2023 〕 第 123 号",
		"　婺综执罚决字〔2023〕123號　",
		"婺综执罚决字〔２０２３〕第００１２３号" };
	struct case_buf key = { 0 };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		good(same[i], "婺综执罚决字", 2023, 123, "");
		case_buf_reset(&key);
		case_docno_key(&key, same[i], strlen(same[i]));
		CHECK_STR(case_buf_str(&key), "婺综执罚决字〔2023〕123号");
	}
	case_buf_free(&key);
	good("豫環罰字〔2021〕1號", "豫環罰字", 2021, 1, "");
	good("(邯)药当行罚[2006]25号", "(邯)药当行罚", 2006, 25, "");
	good("（邯）药当行罚（2006）25号", "(邯)药当行罚", 2006, 25, "");
	good("金综执〔2024〕17号", "金综执", 2024, 17, "");
	good("衢市组〔2022〕9号", "衢市组", 2022, 9, "");
	good("闽建法﹝2001﹞206号", "闽建法", 2001, 206, "");
	good("川烟立〔2023〕第12-1号", "川烟立", 2023, 12, "-1");
	good("川烟立〔2023〕第12－1号", "川烟立", 2023, 12, "-1");
	good("川烟立〔2023〕12-01", "川烟立", 2023, 12, "-1");
	good("字(2022)(2023)5号", "字(2022)", 2023, 5, "");
	good("罚〔2023〕00000000012号", "罚", 2023, 12, "");
	good("罚〔2023〕12345678号", "罚", 2023, 12345678, "");
	good("罚〔2023〕0号", "罚", 2023, 0, "");
	good("一二三四五六七八九十一二三四五六七八九十〔2023〕1号",
	    "一二三四五六七八九十一二三四五六七八九十", 2023, 1, "");
}

static void
test_no_numbers(void)
{
	static const char *const other[] = { "", " ", "无", "〔2023〕12号",
		"婺综执罚决字", "婺综执罚决字2023第12号", "婺综执〔2023〕号",
		"婺综执〔2023〕", "婺综执〔2023", "婺综执〔",
		"婺综执〔202〕1号", "婺综执〔20233〕1号",
		"婺综执〔二〇二三〕1号", "婺综执〔2023〕123456789号",
		"婺综执〔2023〕12号及其他", "婺综执〔2023〕12-号",
		"婺综执〔2023〕12-123456789012345号",
		"婺综执〔2023〕12号、13号", "婺综执〔2023〕十二号",
		"婺综执〔2023〕第第12号", "婺综执2023〕12号",
		"高市勞條字第10338892900號", "108年府勞檢字1080065385號",
		"一二三四五六七八九十一二三四五六七八九十多〔2023〕1号",
		"罚〔2023〕\xff", "罚〔2023\xe3\x80", "\xff〔2023〕" };
	struct case_docno d = { .year = 42 };

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (case_docno_parse(&d, other[i], strlen(other[i])))
			fprintf(stderr, "test_ident.c: \"%s\" is taken\n",
			    other[i]);
	CHECK_INT(d.year, 42);
}

static unsigned
pick(uint64_t *state, unsigned n)
{
	*state = *state * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(*state >> 33) % n;
}

/* A key is the same whether it is made the short way or the long one. */
static void
test_keys_of_both_ways(void)
{
	static const char *const part[] = { "云综执", "罚", "〔", "〕", "[",
		"]", "(", "第", "2023", "0", "12", "007", "号", "号", "-", "－",
		" ", "\xe5", "é", "、", "１", "號", "" };
	enum { PARTS = sizeof(part) / sizeof(part[0]) };
	struct case_buf s = { 0 }, one = { 0 }, two = { 0 };
	uint64_t state = 1;

	for (int round = 0; round < 100000; round++) {
		case_buf_reset(&s);
		case_buf_adds(&s, part[pick(&state, 2)]);
		if (pick(&state, 3) > 0)
			case_buf_adds(&s, "〔2023〕");
		for (unsigned n = pick(&state, 8); n > 0; n--)
			case_buf_adds(&s, part[pick(&state, PARTS)]);
		case_buf_reset(&one);
		case_docno_key(&one, s.p, s.n);
		/* A space is folded away, and takes the long way. */
		case_buf_adds(&s, " ");
		case_buf_reset(&two);
		case_docno_key(&two, s.p, s.n);
		CHECK_STR(case_buf_str(&one), case_buf_str(&two));
	}
	case_buf_free(&s);
	case_buf_free(&one);
	case_buf_free(&two);
}

static void
check_key(const char *s, const char *want)
{
	struct case_buf key = { 0 };

	case_buf_adds(&key, "<");
	case_docno_key(&key, s, strlen(s));
	CHECK_STR(case_buf_str(&key) + 1, want);
	CHECK_STR(key.p[0] == '<' ? "kept" : "lost", "kept");
	case_buf_free(&key);
}

static void
test_keys(void)
{
	char longest[3000];

	check_key("婺综执罚决字【2023】第000123號",
	    "婺综执罚决字〔2023〕123号");
	check_key("川烟立〔2023〕第12－01号", "川烟立〔2023〕12号-1");
	check_key("（邯）药当行罚[2006]025", "(邯)药当行罚〔2006〕25号");
	check_key("高市勞條字 第10338892900號", "高市勞條字第10338892900号");
	check_key("高市勞條字第１０３３８８９２９００号",
	    "高市勞條字第10338892900号");
	check_key("府勞檢字 第1080068183號", "府勞檢字第1080068183号");
	check_key("", "");
	check_key(" \xe3\x80\x80\t", "");
	check_key("无", "无");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	check_key(longest, longest);
}

/* Cutting a good number anywhere is never read behind its end. */
static void
test_cuts(void)
{
	static const char s[] = "（邯）药当行罚〔2006〕第025-1號";
	struct case_docno d;
	int taken = 0;

	for (size_t n = 0; n < sizeof(s); n++)
		taken += case_docno_parse(&d, s, n);
	CHECK(taken >= 1);
}

int
main(void)
{
	test_uscc();
	test_orgcode();
	test_bizreg();
	test_resident();
	test_numbers();
	test_no_numbers();
	test_keys_of_both_ways();
	test_keys();
	test_cuts();
	TEST_END();
}
