package wording

import (
	"regexp"
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/filing"
)

// Every Chinese sentence is said with Chinese words for its figures: no space stands between
// two of them, and no quotation marks of another script around them.
func TestNoChineseSentenceIsSetAsAnotherScriptIs(t *testing.T) {
	entries, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	apart := regexp.MustCompile(`\p{Han} +\p{Han}`)
	const word = "甲乙"
	for english, chinese := range entries {
		verbs, err := verbsOf(string(english))
		if err != nil {
			t.Fatal(err)
		}
		args := make([]any, len(verbs))
		for i := range args {
			if args[i] = any(word); verbs[i+1] == "d" || verbs[i+1] == "f" {
				args[i] = 3
			}
			if verbs[i+1] == "f" {
				args[i] = 3.0
			}
		}
		said := Chinese.Say(domain.Say(english, args...))
		said = strings.ReplaceAll(said, word+" "+word, word) // two names may stand apart
		typed := strings.Contains(chinese, "--")             // at a command line, where spaces are kept
		if !typed && apart.MatchString(said) || strings.Contains(said, `"`+word) {
			t.Errorf("%q is set %q", english, said)
		}
	}
}

func TestWhatPeopleTypedIsQuotedAsChineseQuotesAndStaysOnItsLine(t *testing.T) {
	for want, sentence := range map[string]domain.Text{
		"没有项目 P001 发给 C03 的售后服务月报": domain.Say(
			"has no %s of project %s that was for center %s", filing.MonthlyReport, "P001", "C03"),
		`语言“a"b\n张 三”：须为 zh 或 en`: domain.Say("language %q: must be zh or en", "a\"b\n张 三"),
	} {
		if said := Chinese.Say(sentence); said != want {
			t.Errorf("it says %q, not %q", said, want)
		}
	}
	if said := English.Say(domain.Say("language %q: must be zh or en", "张")); said != `language "张": must be zh or en` {
		t.Errorf("in English it says %s", said)
	}
}
