package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/eventstore/sqlite"
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

// A code that a help explains is called there as everywhere: by the table of names.
func TestAHelpCallsACodeByItsName(t *testing.T) {
	explained := regexp.MustCompile(`\b([A-Z][A-Z_]+) (\p{Han}+(?:（\p{Han}+）)?)`)
	tried := 0
	for english, chinese := range chineseHelp() {
		var codes []string
		said, listed := explained.FindAllStringSubmatch(chinese, -1), false
		for _, s := range said {
			if strings.Contains(english, s[1]) {
				codes, listed = append(codes, s[1]), listed || strings.Contains(english, s[1]+",")
			}
		}
		if !listed {
			continue
		}
		named := names.Among(codes)
		if named == nil {
			t.Errorf("helpzh.txt under %q: domain/names/zh.txt has no enumeration of %v", english, codes)
		}
		for _, s := range said {
			if tried++; named != nil && !strings.HasPrefix(s[2], named[s[1]]) {
				t.Errorf("helpzh.txt under %q calls %s %s; its name is %s", english, s[1], s[2], named[s[1]])
			}
		}
	}
	if tried < 60 {
		t.Errorf("found %d codes in the helps; the pattern does not see them", tried)
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
	for _, command := range []string{"", "query", "form", "import"} {
		for line := range strings.Lines(helpOf(t, wording.English, strings.Fields(command)...)) {
			if headed := regexp.MustCompile(`^ *\p{Han}+[^：]*: |  \p{Han}+（`); headed.MatchString(line) {
				t.Errorf("the English help of %q has a Chinese heading: %s", command, line)
			}
		}
	}
	chinese, english := helpOf(t, wording.Chinese, "verify"), helpOf(t, wording.English, "verify")
	for text, where := range map[string]string{
		"用法：ledger verify": chinese, "选项：": chinese, "重读全部日志": chinese, "verify [选项]": chinese, "Usage: ledger verify": english, "Reads the whole log anew": english,
		"网络：\n": helpOf(t, wording.Chinese, "serve"), "登录：\n": helpOf(t, wording.Chinese, "serve"),
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

// Two words of English beside each other.
var english = regexp.MustCompile(`[A-Za-z]{2,},? [a-z]{2,}`)

// What stands in the way of the ledger itself is said in the reader's language, down
// to what the operating system answers.
func TestWhatStandsInTheWayIsSaidInTheReadersLanguage(t *testing.T) {
	if args := os.Getenv("LEDGER_TEST_ARGS"); args != "" {
		os.Args = append([]string{"ledger"}, strings.Fields(args)...)
		main()
		return
	}
	locked, foreign := t.TempDir(), t.TempDir()
	file, config := filepath.Join(foreign, "file"), filepath.Join(foreign, "config.yaml")
	store, err := sqlite.Open(filepath.Join(locked, "log.sqlite"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if err := errors.Join(os.WriteFile(filepath.Join(foreign, "log.sqlite"), bytes.Repeat([]byte("no log "), 99), 0o600),
		os.WriteFile(file, []byte("x"), 0o600), os.WriteFile(config, []byte("colour: red"), 0o600)); err != nil {
		t.Fatal(err)
	}
	const nobody = " --server http://127.0.0.1:1"
	for args, want := range map[string]string{
		"query receivables --data " + locked + nobody:                          "已有账本在其上运行",
		"query receivables --data " + foreign + nobody:                         "该文件不是事件日志",
		"query receivables --data " + file + nobody:                            "路径中有一段不是目录",
		"rebuild --data " + locked:                                             "已有账本在其上运行",
		"sample --data " + t.TempDir() + " --year 1999":                        "年度须在 2001 至 2098 之间",
		"import charges /nowhere/charges.csv" + nobody:                         "没有这个文件或目录",
		"--config " + config + " rebuild":                                      "没有这个选项",
		"policy --check /nowhere/table.yaml":                                   "没有这个文件或目录",
		"serve --data " + t.TempDir() + " --tls-cert x":                        "--tls-cert 与 --tls-key 须一并给出",
		"serve --data " + t.TempDir() + " --public-url ftp://x":                "须只是地址",
		"serve --data " + t.TempDir() + " --smtp smtp://localhost:25":          "须有发件地址",
		"serve --data " + t.TempDir() + " --needs-digest noon":                 "须是一天中的时刻",
		"rebuild --data " + t.TempDir() + " --read-models embedded:":           "之后没有数据目录",
		"rebuild --data " + t.TempDir() + " --read-models mysql://localhost/x": "须以 clickhouse://",
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWhatStandsInTheWayIsSaidInTheReadersLanguage$")
		cmd.Env = append(os.Environ(), "LEDGER_TEST_ARGS="+args, "LANG=C.UTF-8", "LEDGER_LANG=")
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err == nil {
			t.Errorf("%s: no error", args)
		}
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		text, _, _ := strings.Cut(lines[len(lines)-1], "；说明见") // what went on before is logged, for operators
		if !strings.Contains(text, want) || english.MatchString(strings.ReplaceAll(text, "'ledger config'", "")) {
			t.Errorf("%s says\n%s\nwant %q, and no English", args, text, want)
		}
	}
}

func TestAFlagThatIsNoneOfItsValuesIsToldThemInTheReadersWords(t *testing.T) {
	var flags struct {
		Lang   string `enum:"zh,en," default:""`
		By     string `enum:"project,kind" default:"project"`
		Bearer string `enum:"DEPARTMENT,CENTER,MAKER" default:"CENTER"`
	}
	for args, want := range map[string]string{
		"--lang=fr":  "命令有误：--lang 须为下列之一：zh、en，实为“fr”；说明见 ledger --help",
		"--bearar=X": "命令有误：没有这个选项：--bearar，是否要写“--bearer”；说明见 ledger --help",
		"--by=room":  "命令有误：--by 须为下列之一：项目（project）、服务类别（kind），实为“room”；说明见 ledger --help",
		"--bearer=NOBODY": "命令有误：--bearer 须为下列之一：我方承担（DEPARTMENT）、物业服务中心承担（CENTER）、厂家保修（MAKER），" +
			"实为“NOBODY”；说明见 ledger --help",
	} {
		parser, err := kong.New(&flags)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse([]string{args})
		if got := misused(wording.Chinese, err); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}
