package wording

import (
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

func TestARefusalNamesTheFieldAsTheFormDoes(t *testing.T) {
	for _, tt := range []struct {
		r                *domain.Rejection
		chinese, english string
	}{
		{domain.Invalid("amount", "1.005", "x", "must be more than 0.00", "Money"), "金额（amount）“1.005”：须大于 0.00（资金规则）", `amount "1.005" must be more than 0.00 (clause Money)`},
		{domain.Invalid("lines[1].part", "", "x", "must be given", "5.1.3"), "第 2 行配件编号（lines[1].part）：必须填写（条款 5.1.3）", `lines[1].part must be given (clause 5.1.3)`},
		{domain.NotFound("ticket", "T-9", "x", "is not a registered ticket"), "报修单号（ticket）“T-9”：不是已登记的报修单", `ticket "T-9" is not a registered ticket`},
		{domain.Invalid("", "", "x", "the file is empty", ""), "文件是空的", "the file is empty"},
	} {
		if got := Chinese.Refusal(tt.r); got != tt.chinese {
			t.Errorf("got %s, want %s", got, tt.chinese)
		}
		if got := English.Refusal(tt.r); got != tt.english {
			t.Errorf("got %s, want %s", got, tt.english)
		}
	}
}

func TestARefusalGroupsItsAmountsInEitherLanguage(t *testing.T) {
	r := domain.Conflict("amount", "2000.00", "above-unapplied", "exceeds the %s yuan unapplied of payment %s", "Money",
		money.Fen(123_450), "S1")
	for say, want := range map[Language]string{Chinese: "1,234.50 元", English: "1,234.50 yuan"} {
		if said := say.Refusal(r); !strings.Contains(said, want) {
			t.Errorf("%s: %s", say, said)
		}
	}
}

// A later line would silently rename the field wherever it is refused.
func TestAFieldHasOneName(t *testing.T) {
	lines := make(map[string]string)
	for line := range strings.Lines(FieldTable()) {
		field, _, ok := strings.Cut(line, " = ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if first, twice := lines[field]; twice {
			t.Errorf("%s is named twice: %q and %q", field, strings.TrimSpace(first), strings.TrimSpace(line))
		}
		lines[field] = line
	}
}
