package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"

	"aftersales-ledger/api/wording"
)

func inChinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// helpOf is what the tool says of itself when it is asked in a language.
func helpOf(t *testing.T, l wording.Language, args ...string) string {
	t.Helper()
	parser, err := kong.New(&cli{}, helpIn(l)...)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	parser.Stdout, parser.Exit = &out, func(int) {}
	_, _ = parser.Parse(append(args, "--help"))
	return out.String()
}

// Every text by which the tool explains itself has its Chinese, and no line of the
// table is about something that is not there.
func TestEveryHelpHasItsChineseLine(t *testing.T) {
	parser, err := kong.New(&cli{}, described...)
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	need := func(where, english string) {
		used[english] = true
		if text := chineseHelp()[english]; english != "" && !inChinese(text) {
			t.Errorf("helpzh.txt has no Chinese line under %q (%s)", english, where)
		}
	}
	var visit func(path []string, n *kong.Node)
	visit = func(path []string, n *kong.Node) {
		where := strings.Join(path, " ")
		need(where, n.Help)
		used["== "+where] = n.Detail != ""
		if n.Detail != "" && !inChinese(chineseDetails()[where]) {
			t.Errorf("detailszh.txt has no Chinese for %q", where)
		}
		for _, p := range n.Positional {
			need(where+" "+p.Name, p.Help)
		}
		for _, f := range n.Flags {
			need(where+" --"+f.Name, f.Help)
		}
		for _, child := range n.Children {
			visit(append(path, child.Name), child)
		}
	}
	visit(nil, parser.Model.Node)
	for english := range chineseHelp() {
		if !used[english] {
			t.Errorf("helpzh.txt: nothing says %q", english)
		}
	}
	for path := range chineseDetails() {
		if path != "" && !used["== "+path] {
			t.Errorf("detailszh.txt: no command %q explains itself at length", path)
		}
	}
}

func TestHelpIsInTheReadersLanguage(t *testing.T) {
	t.Setenv("LANG", "C.UTF-8")
	t.Setenv("LEDGER_LANG", "")
	for args, want := range map[string]wording.Language{
		"": wording.Chinese, "--lang=en": wording.English, "query --lang en": wording.English, "--lang zh": wording.Chinese,
	} {
		if got := languageOf(strings.Fields(args)); got != want {
			t.Errorf("%q is read by a reader of %s, want %s", args, got, want)
		}
	}
	t.Setenv("LEDGER_LANG", "en")
	if got := languageOf(nil); got != wording.English {
		t.Errorf("LEDGER_LANG=en: %s", got)
	}
	chinese, english := helpOf(t, wording.Chinese, "verify"), helpOf(t, wording.English, "verify")
	for text, where := range map[string]string{
		"用法：ledger verify": chinese, "选项：": chinese, "重读全部日志": chinese, "Usage: ledger verify": english, "Reads the whole log anew": english,
	} {
		if !strings.Contains(where, text) {
			t.Errorf("%q is not in the help:\n%s", text, where)
		}
	}
}

// An error says in one line what to do, and does not print the whole usage.
func TestAnErrorIsOneLine(t *testing.T) {
	if args := os.Getenv("LEDGER_TEST_ARGS"); args != "" {
		os.Args = append([]string{"ledger"}, strings.Fields(args)...)
		main()
		return
	}
	for args, want := range map[string]string{
		"query receivables --colour red":    "没有这个选项：--colour；说明见 ledger query receivables --help",
		"--lang=en query receivables extra": "unexpected argument extra; 'ledger query receivables --help' explains what there is",
		"statement":                         "缺少：",
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAnErrorIsOneLine$")
		cmd.Env = append(os.Environ(), "LEDGER_TEST_ARGS="+args, "LANG=C.UTF-8", "LEDGER_LANG=")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err == nil {
			t.Errorf("%s: no error", args)
		}
		if text := strings.TrimSpace(said.String()); !strings.Contains(text, want) || strings.Contains(text, "\n") {
			t.Errorf("%s says\n%s\nwant one line with %q", args, text, want)
		}
	}
}
