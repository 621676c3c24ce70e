package wording

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"

	"aftersales-ledger/domain"
)

// sentence is where a sentence stands in the source.
type sentence struct {
	format domain.Sentence
	at     string
	args   int // how many figures the call gives it; -1 where that is not to be seen
}

const sentenceType = "aftersales-ledger/domain.Sentence"

// TestEverySentenceIsSaidInChinese walks the whole source. The compiler lets
// nothing be a Sentence that is not a constant, so every one of them is found.
func TestEverySentenceIsSaidInChinese(t *testing.T) {
	entries, err := readCatalogue(files)
	if err != nil {
		t.Fatal(err)
	}
	found := sentences(t)
	if len(found) < 400 {
		t.Fatalf("found %d sentences; the walk does not see the source", len(found))
	}
	used := make(map[domain.Sentence]bool)
	named := make(map[domain.Sentence]bool)
	for _, s := range found {
		used[s.format] = true
		verbs, err := verbsOf(string(s.format))
		if err != nil {
			t.Errorf("%s: %q: %v", s.at, s.format, err)
		}
		if s.args >= 0 && s.args != len(verbs) {
			t.Errorf("%s: %q takes %d figures, and is given %d", s.at, s.format, len(verbs), s.args)
		}
		if _, ok := entries[s.format]; !ok && !named[s.format] {
			named[s.format] = true
			t.Errorf("%s: say it in Chinese, in a file of api/wording/zh:\n%s", s.at, s.format)
		}
	}
	for english, chinese := range entries {
		if !used[english] {
			t.Errorf("nothing says %q any more: remove it from api/wording/zh", english)
		}
		if strings.HasPrefix(chinese, "的") { // it stands after the field and its value, and a colon
			t.Errorf("%q in Chinese begins in the middle: %q", english, chinese)
		}
		if err := sameFigures(string(english), chinese); err != nil {
			t.Errorf("%q in Chinese is %q: %v", english, chinese, err)
		}
	}
}

// source loads the whole source once, tests aside.
var loadSource = sync.OnceValues(func() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedImports | packages.NeedExportFile,
		Dir: "../..",
	}, "./...")
})

func source(t *testing.T) []*packages.Package {
	t.Helper()
	loaded, err := loadSource()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range loaded {
		for _, e := range p.Errors {
			t.Fatal(e)
		}
	}
	return loaded
}

// sentences finds every constant of the type Sentence outside tests.
func sentences(t *testing.T) (found []sentence) {
	t.Helper()
	for _, p := range source(t) {
		for _, file := range p.Syntax {
			args := make(map[ast.Expr]int)
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					figures(p.TypesInfo, call, args)
				}
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				tv, ok := p.TypesInfo.Types[e]
				if !ok || tv.Value == nil || tv.Type.String() != sentenceType || constant.StringVal(tv.Value) == "" {
					return true
				}
				if _, converted := e.(*ast.CallExpr); converted {
					return true // Sentence("…"): its operand is found
				}
				given, ok := args[e]
				if !ok {
					given = -1
				}
				found = append(found,
					sentence{domain.Sentence(constant.StringVal(tv.Value)), p.Fset.Position(e.Pos()).String(), given})
				return false
			})
		}
	}
	return found
}

// figures notes how many figures a call gives the sentence among its arguments.
func figures(info *types.Info, call *ast.CallExpr, args map[ast.Expr]int) {
	signature, ok := info.TypeOf(call.Fun).(*types.Signature)
	if !ok || !signature.Variadic() || call.Ellipsis.IsValid() {
		return
	}
	fixed := signature.Params().Len() - 1
	for i := range fixed {
		if i < len(call.Args) && signature.Params().At(i).Type().String() == sentenceType {
			args[call.Args[i]] = len(call.Args) - fixed
		}
	}
}

var verb = regexp.MustCompile(`%(?:%|[-+# 0]*(?:\d+)?(?:\.\d+)?(?:\[(\d+)\])?([a-zA-Z]))`)

// verbsOf lists the verbs of a format by the figure that each takes. A format
// without figures is taken as it stands, and has none.
func verbsOf(format string) (map[int]string, error) {
	verbs := make(map[int]string)
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		verbs[next] = m[2]
		next++
	}
	for i := range len(verbs) {
		if _, ok := verbs[i+1]; !ok {
			return verbs, fmt.Errorf("figure %d is not said", i+1)
		}
	}
	return verbs, nil
}

func sameFigures(english, chinese string) error {
	want, err := verbsOf(english)
	if err != nil {
		return err
	}
	got, err := verbsOf(chinese)
	if err != nil {
		return err
	}
	if !maps.Equal(want, got) {
		return fmt.Errorf("its figures are %v, not %v", got, want)
	}
	if strings.Count(english, "%%") > 0 != (strings.Count(chinese, "%%") > 0) {
		return fmt.Errorf("the per cent signs differ")
	}
	return nil
}

func TestACatalogueThatCannotBeReadSaysWhere(t *testing.T) {
	for content, want := range map[string]string{
		"a\n\n":          `x:2: "a" has no Chinese below it`,
		"a\n甲\n\na\n乙\n": `x:5: "a" has an entry already`,
	} {
		if err := readArea("x", content, map[domain.Sentence]string{}); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", content, err, want)
		}
	}
}

func TestFiguresThatDifferAreFound(t *testing.T) {
	for _, pair := range [][2]string{{"%s of %s", "%s"}, {"%s of %d", "%d 的 %s"}, {"%s", "%s %s"}, {"none", "%d"}} {
		if sameFigures(pair[0], pair[1]) == nil {
			t.Errorf("%q and %q are said to have the same figures", pair[0], pair[1])
		}
	}
	if err := sameFigures("%s of %d", "%[2]d 的 %[1]s"); err != nil {
		t.Error(err)
	}
}

func TestTheLanguageIsChosenByWhatIsAskedFor(t *testing.T) {
	for accept, want := range map[string]Language{
		"": Chinese, "zh": Chinese, "zh-CN,zh;q=0.9,en;q=0.8": Chinese, "en": English, "en-GB;q=0.9, zh;q=0.5": English, "fr": Chinese,
		"fr, en;q=0.2": English, "*": Chinese, "no language;;": Chinese, "zh-TW": Chinese,
	} {
		if got := Choose(accept); got != want {
			t.Errorf("%q: got %s, want %s", accept, got, want)
		}
	}
}
