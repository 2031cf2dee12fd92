/* test_mask.c - what is masked, and what is left alone */
#include "case/mask.h"
#include "tests/unit/test.h"

static const char *
masked(const char *text)
{
	static struct case_buf b;

	case_buf_reset(&b);
	case_mask_text(&b, text, strlen(text));
	return case_buf_str(&b);
}

static const char *
class(enum case_privacy privacy, const char *text)
{
	static struct case_buf b;

	case_buf_reset(&b);
	case_mask_value(&b, privacy, text, strlen(text));
	return case_buf_str(&b);
}

static void
test_numbers(void)
{
	CHECK_STR(masked("330702199003070011"), "330702********0011");
	CHECK_STR(masked("身份证330702199003070011，住"),
	    "身份证330702********0011，住");
	CHECK_STR(masked("11010519491231002x"), "110105********002X");
	CHECK_STR(masked("１１０１０５１９４９１２３１００２Ｘ。"),
	    "110105********002X。");
	CHECK_STR(masked("330702 19900307 0011"), "330702********0011");
	CHECK_STR(masked("330702-1990-0307-0011号"), "330702********0011号");
	CHECK_STR(masked("330702900307001"), "330702******001");
	CHECK_STR(masked("电话13812345678"), "电话138****5678");
	CHECK_STR(masked("１３８ １２３４ ５６７８"), "138****5678");
	CHECK_STR(masked("+86 138-1234-5678"), "+138****5678");
	CHECK_STR(masked("+8613812345678"), "+138****5678");
	CHECK_STR(masked("TEL13812345678"), "TEL138****5678");
	CHECK_STR(masked("wx13912345678"), "wx139****5678");
	CHECK_STR(masked("13812345678x"), "138****5678X");
	CHECK_STR(masked("008613812345678"), "138****5678");
	CHECK_STR(masked("0579-82345678转1"), "0579******78转1");
	CHECK_STR(masked("010 62345678"), "010******78");
	CHECK_STR(masked("2023-06-12 13812345678"), "2023-06-12 138****5678");
	CHECK_STR(masked("{\"手机\":\"13812345678\",\"证\":"
			 "\"330702199003070011\"}"),
	    "{\"手机\":\"138****5678\",\"证\":\"330702********0011\"}");
}

static void
test_left_alone(void)
{
	static const char *const same[] = { "", "33990102202300000001",
		"91330702MA2D1X34XE", "11330702002620019M", "00262001-9",
		"婺综执罚决字〔2023〕第000123号", "330702199003070012",
		"330702202306120011", "2023-06-12", "10386", "WC2023000001",
		"330201B12000", "33990210704", "345.99万元", "2023年6月12日",
		"33070219900307001112", "A13812345678", "13812345678A",
		"2023-06-12T08:30:00", "0000123" };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		CHECK_STR(masked(same[i]), same[i]);
}

static void
test_classes(void)
{
	CHECK_STR(class(CASE_PRIVACY_ID, "330702199003070012"),
	    "330702********0012");
	CHECK_STR(class(CASE_PRIVACY_ID, "91330702MA2D1X34XE"),
	    "91330702MA2D1X34XE");
	CHECK_STR(class(CASE_PRIVACY_ID, "MA2D1X34-X"), "MA2D1X34-X");
	/* Each of these has the check digit of a code as well. */
	CHECK_STR(class(CASE_PRIVACY_ID, "339911196011110118"),
	    "339911********0118");
	CHECK_STR(class(CASE_PRIVACY_ID, "E12345678"), "E1*****78");
	/* A character is kept or hidden whole. */
	CHECK_STR(class(CASE_PRIVACY_ID, "浙A12345"), "浙A***45");
	CHECK_STR(class(CASE_PRIVACY_ID, "护照号码E12345678"),
	    "护照*********78");
	CHECK_STR(class(CASE_PRIVACY_ID, "身份证"), "***");
	CHECK_STR(class(CASE_PRIVACY_PHONE, "内线八零零一"), "****零一");
	CHECK_STR(class(CASE_PRIVACY_ID, "330702********0011"),
	    "330702********0011");
	CHECK_STR(class(CASE_PRIVACY_ID, ""), "");
	CHECK_STR(class(CASE_PRIVACY_PHONE, "13812345678"), "138****5678");
	CHECK_STR(class(CASE_PRIVACY_PHONE, "8234567"), "*****67");
	CHECK_STR(class(CASE_PRIVACY_NAME, "王小明"), "王某某");
	CHECK_STR(class(CASE_PRIVACY_NAME, "欧阳明"), "欧阳某");
	CHECK_STR(class(CASE_PRIVACY_NAME, "李四"), "李某");
	CHECK_STR(class(CASE_PRIVACY_NAME, "云溪县伟芳商贸有限公司"),
	    "云溪县伟芳商贸有限公司");
	CHECK_STR(class(CASE_PRIVACY_NAME, "好运面馆"), "好运面馆");
	CHECK_STR(class(CASE_PRIVACY_ADDRESS, "浙江省婺城区城中街道人民路1号"),
	    "浙江省婺城区城中街道***");
	CHECK_STR(class(CASE_PRIVACY_ADDRESS, "人民路1号"), "***");
}

int
main(void)
{
	test_numbers();
	test_left_alone();
	test_classes();
	TEST_END();
}
