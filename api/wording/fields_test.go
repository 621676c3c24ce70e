package wording

import (
	"encoding/json"
	"os"
	"path/filepath"
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
		{domain.NotFound("ticket", "T-9", "x", "is not a registered ticket"), "工单号（ticket）“T-9”：不是已登记的工单", `ticket "T-9" is not a registered ticket`},
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
// A sentence among the figures of another is said in the reader's language, too.
func TestASentenceWithinASentenceIsSaidInTheSameLanguage(t *testing.T) {
	r := domain.Invalid("arrivedAt", "", "out-of-order", "must not lie before %s, %s", "",
		domain.Sentence("the team was notified"), "2026-11-20")
	for language, want := range map[Language]string{
		Chinese: "到场时间（arrivedAt）：不能早于通知班组（2026-11-20）",
		English: "arrivedAt must not lie before the team was notified, 2026-11-20",
	} {
		if said := language.Refusal(r); said != want {
			t.Errorf("%q, not %q", said, want)
		}
	}
}

func TestAFieldHasOneName(t *testing.T) {
	for _, table := range []string{FieldTable(), RecordTable()} {
		lines := make(map[string]string)
		for line := range strings.Lines(table) {
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
}

// The life of a record shows each field that an event sets, by its name.
func TestEveryFieldOfAnEventHasAName(t *testing.T) {
	cards, err := filepath.Glob("../../eventstore/testdata/events/*.json")
	if err != nil || len(cards) == 0 {
		t.Fatal("no events", err)
	}
	named := func(field string) bool {
		return FieldName(field) != "" || strings.Contains(RecordTable(), "\n"+field+" = ")
	}
	var walk func(card string, v any)
	walk = func(card string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for field, inner := range v {
				if !named(field) {
					t.Errorf("%s sets %q, which has no name in zh/names/records.txt", filepath.Base(card), field)
				}
				walk(card, inner)
			}
		case []any:
			for _, inner := range v {
				walk(card, inner)
			}
		}
	}
	for _, card := range cards {
		raw, err := os.ReadFile(card)
		if err != nil {
			t.Fatal(err)
		}
		var event any
		if err := json.Unmarshal(raw, &event); err != nil {
			t.Fatal(err)
		}
		walk(card, event)
	}
}
