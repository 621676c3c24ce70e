package wording

import (
	"go/ast"
	"go/constant"
	"go/types"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/go/packages"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
)

// notSaid are the types of strings whose constants nobody is shown as words.
var notSaid = map[string]string{
	"domain.Sentence":      "sentences, which are in the catalogue",
	"attachment.MediaType": "as RFC 2046 writes them",
	"notice.Language":      "chosen by the address book",
}

// enumerations finds the codes of every string type of the domain and of the
// read models that has constants.
func enumerations(t *testing.T, loaded []*packages.Package) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	for _, p := range loaded {
		for _, name := range p.Types.Scope().Names() {
			c, ok := p.Types.Scope().Lookup(name).(*types.Const)
			if !ok || !c.Exported() || c.Val().Kind() != constant.String {
				continue
			}
			if named, ok := types.Unalias(c.Type()).(*types.Named); ok && named.Obj().Pkg() != nil &&
				ours(named.Obj().Pkg().Path()) {
				of := path.Base(named.Obj().Pkg().Path()) + "." + named.Obj().Name()
				found[of] = append(found[of], constant.StringVal(c.Val()))
			}
		}
	}
	return found
}

// ours tells the packages whose codes people are shown.
func ours(pkg string) bool {
	return strings.HasPrefix(pkg,
		"aftersales-ledger/domain") || strings.HasPrefix(pkg,
		"aftersales-ledger/projections") || pkg == "aftersales-ledger/api/imports/sheet" ||
		pkg == "aftersales-ledger/api/bank/bankmatch"
}

func TestEveryCodeHasItsChineseName(t *testing.T) {
	table := names.All()
	found := enumerations(t, source(t))
	if len(found) < 30 {
		t.Fatalf("found %d enumerations; the walk does not see the source", len(found))
	}
	need := func(of, value string) {
		if name, ok := table[of][value]; !ok || name == "" {
			t.Errorf("domain/names/zh.txt has no Chinese name of %s %q", of, value)
		}
	}
	for of, values := range found {
		for _, value := range values {
			if notSaid[of] == "" && value != "" {
				need(of, value)
			}
		}
	}
	for _, e := range eventstore.Trade.Types() {
		need("names.Event", e)
		found["names.Event"] = append(found["names.Event"], e)
	}
	for _, r := range notice.Rules() {
		need("notice.Kind", string(r.Kind))
		found["notice.Kind"] = append(found["notice.Kind"], string(r.Kind))
	}
	// What an answer says where the domain's type ends: a draft, and the result of
	// a device that is back.
	found["account.StatementStatus"] = append(found["account.StatementStatus"], "DRAFT")
	found["repairs.RepairStatus"] = append(found["repairs.RepairStatus"], found["repair.Result"]...)
	for of, codes := range table {
		for value := range codes {
			if known, derived := found[of]; derived && value != "" && !slices.Contains(known, value) {
				t.Errorf("domain/names/zh.txt: nothing is %s %q", of, value)
			}
		}
	}
}

// TestCodesAreNamedInOnePlace finds a second table of names: a map from codes to
// words in Chinese.
func TestCodesAreNamedInOnePlace(t *testing.T) {
	codes := make(map[string]bool)
	for _, values := range names.All() {
		for value := range values {
			codes[value] = value != ""
		}
	}
	for _, p := range source(t) {
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.CompositeLit); ok && namesCodes(p.TypesInfo, lit, codes) {
					t.Errorf("%s: a second table of Chinese names; they belong into domain/names/zh.txt", p.Fset.Position(lit.Pos()))
				}
				return true
			})
		}
	}
}

func namesCodes(info *types.Info, lit *ast.CompositeLit, codes map[string]bool) bool {
	if _, ok := info.TypeOf(lit).Underlying().(*types.Map); !ok {
		return false
	}
	named := 0
	for _, e := range lit.Elts {
		kv := e.(*ast.KeyValueExpr)
		key, value := info.Types[kv.Key].Value, info.Types[kv.Value].Value
		if key == nil || value == nil || key.Kind() != constant.String || value.Kind() != constant.String ||
			!codes[constant.StringVal(key)] {
			continue
		}
		if strings.ContainsFunc(constant.StringVal(value), func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			named++
		}
	}
	return named > 1
}

func TestCodesInSentencesHaveTheirNames(t *testing.T) {
	for _, tt := range []struct {
		say              domain.Text
		chinese, english string
	}{
		{domain.Say("%s may not do this", domain.Finance), "财务人员 may not do this", "finance may not do this"},
		{domain.Say("must be one of %v", []policy.Category{policy.Emergency, policy.Ordinary}),
			"must be one of 紧急（EMERGENCY）、一般（ORDINARY）", "must be one of EMERGENCY, ORDINARY"},
		{domain.Say("%s is unknown", domain.ProjectID("CLOSED")), "CLOSED is unknown", "CLOSED is unknown"},
	} {
		if got := tt.say.In(string(tt.say.Format), Chinese.name, "、"); got != tt.chinese {
			t.Errorf("got %s, want %s", got, tt.chinese)
		}
		if got := English.Say(tt.say); got != tt.english {
			t.Errorf("got %s, want %s", got, tt.english)
		}
	}
}
