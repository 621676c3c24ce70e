package wording

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What one word of money says in both languages, see domain/README.md. Whoever says
// the one with the other's Chinese makes a write-off of a payment.
var (
	writtenOff = regexp.MustCompile(`(?i)writ(e|ten|ing)s?[-_ ]?(an? \w+ )?off`)
	applied    = regexp.MustCompile(`(?i)\b(un)?appl(y|ies|ied)|allocat`)
	// words that say what another word says already; 升级 is what a server is, a matter is 上报
	others = regexp.MustCompile(`盘点单|盘点清单|冲销|冲抵|贷项|价目|坏账核销|核销坏账|退回 (bounce|returned|reversals)|升级([^服]|$)`)
	// 退回 is what a reviewer does with a form: a row of a list is refused 被拒绝, a bank's
	// money bounces 退票, a part goes back to stock 退库, a credit note takes a charge back 冲回
	sentBack = regexp.MustCompile(`(?i)(refuse|bounce|takes? a charge|took back|taken back|back on slip|of slip|still out)[^"]*退回` +
		`|退回[^"]*(refuse|bounce|银行)|银行[^"]*退回|领用[^"]*退回|(回|来|收)款[^"]*退回`)
)

// what the audit of parts comes to is 差异, and what somebody looks into it 责任人; 不符 is what
// the verification of the ledger finds wrong, a flaw
var finding = regexp.MustCompile(`不符[^'"]{0,4}['"]?,? ?['"]?(?i:findings?\b)|(?i:\bfindings?\b)[^"']*["'][^"']*不符`)

// TestAWordOfMoneyHasOneMeaning reads everything that speaks Chinese: the sentences,
// the names, the command line, the letters, the papers and the console.
func TestAWordOfMoneyHasOneMeaning(t *testing.T) {
	read := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "sample" || d.Name() == "dist"):
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(path, "_test.go"):
			return nil
		case strings.HasSuffix(path, "bankfile/words.go"): // as banks write them
			return nil
		case !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".txt") && !strings.HasSuffix(path, ".ts") &&
			!strings.HasSuffix(path, ".tsx"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		english := ""
		for i, line := range strings.Split(string(text), "\n") {
			beside := line
			if strings.HasSuffix(path, ".txt") {
				beside, english = english+" "+line, line // the English sentence stands above
			}
			// of a table's header, each column by itself
			for _, part := range strings.Split(beside, `",`) {
				switch {
				case sentBack.MatchString(strings.ReplaceAll(part, "', '", " ")):
					t.Errorf("%s:%d: 退回 is what a reviewer does with a form: %s", path, i+1, strings.TrimSpace(part))
				case finding.MatchString(part):
					t.Errorf("%s:%d: a finding is 差异: %s", path, i+1, strings.TrimSpace(part))
				case others.MatchString(part):
					t.Errorf("%s:%d: says %q for what has another word", path, i+1, others.FindString(part))
				case strings.Contains(part, "核销") && writtenOff.MatchString(part) && !applied.MatchString(part):
					t.Errorf("%s:%d: 核销 is to apply money, not to write off: %s", path, i+1, strings.TrimSpace(part))
				case strings.Contains(part, "转销") && applied.MatchString(part) && !writtenOff.MatchString(part):
					t.Errorf("%s:%d: 转销 is to write off, not to apply money: %s", path, i+1, strings.TrimSpace(part))
				case strings.Contains(part, "转销"), strings.Contains(part, "核销"):
					read++
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 80 {
		t.Errorf("read %d words; the walk does not see the source", read)
	}
}
