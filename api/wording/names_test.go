package wording

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"os"
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

// notNamed are the fields of the API's description whose values are no words of the
// trade, and what they are instead.
var notNamed = map[string]string{
	"sort":      "names of fields, which have theirs",
	"format":    "of files, as everybody calls them",
	"warranty":  "as the service table is written by the department",
	"suspended": "yes or no",
	"step":      "what a program that signs somebody in does next",
}

// TestEveryCodeOfTheAPIHasItsChineseName takes the enumerations from the API's
// description, for many have no type of their own: one enumeration of the names holds
// all that a field may say.
func TestEveryCodeOfTheAPIHasItsChineseName(t *testing.T) {
	text, err := os.ReadFile("../web/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	found, explained := 0, make(map[string]bool)
	eachEnum(document, "", func(field string, values []string) {
		found++
		for _, codes := range names.All() {
			if !slices.ContainsFunc(values, func(v string) bool { return v != "" && codes[v] == "" }) {
				return
			}
		}
		if explained[field] = true; notNamed[field] == "" {
			t.Errorf("domain/names/zh.txt has no enumeration of all that %s says: %q", field, values)
		}
	})
	if found < 100 {
		t.Fatalf("found %d enumerations; the walk does not see the description", found)
	}
	for field := range notNamed {
		if !explained[field] {
			t.Errorf("%s is explained, and has names", field)
		}
	}
}

// eachEnum shows every enumeration of an OpenAPI document with the field whose it is.
func eachEnum(node any, field string, show func(field string, values []string)) {
	switch node := node.(type) {
	case []any:
		for _, of := range node {
			eachEnum(of, field, show)
		}
	case map[string]any:
		if list, ok := node["enum"].([]any); ok {
			values := make([]string, len(list))
			for i, v := range list {
				values[i] = fmt.Sprint(v)
			}
			show(field, values)
		}
		if name, ok := node["name"].(string); ok && node["in"] != nil { // a parameter
			field = name
		}
		for key, of := range node {
			properties, ok := of.(map[string]any)
			if key != "properties" || !ok {
				eachEnum(of, field, show)
				continue
			}
			for name, property := range properties {
				eachEnum(property, name, show)
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
		{domain.Say("must be one of %v", []names.CoverageValue{"CHARGED", "FREE"}),
			"must be one of 另计（CHARGED）、不另计（FREE）", "must be one of CHARGED, FREE"},
		{domain.Say("must be one of %v", Codes{"HUMAN_DAMAGE", "WEAR", "none"}),
			"must be one of HUMAN_DAMAGE、WEAR、none", "must be one of HUMAN_DAMAGE, WEAR, none"},
		{domain.Say("must be one of %v", Codes{"HUMAN_DAMAGE", "WEAR"}),
			"must be one of 人为损坏（HUMAN_DAMAGE）、自然损坏（WEAR）", "must be one of HUMAN_DAMAGE, WEAR"},
		{domain.Say("the nearest are %v", []domain.NamedID{{ID: "C01", Name: "云栖物业"}, {ID: "C02"}}),
			"the nearest are C01 云栖物业、C02", "the nearest are C01 云栖物业, C02"},
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

// A list that is put together before the language is known has the commas of one
// language in the other, and none of the names.
func TestNoListIsJoinedBeforeItIsSaid(t *testing.T) {
	for _, p := range source(t) {
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && saysSentence(p.TypesInfo, call) {
					for _, arg := range call.Args {
						if joinsWithComma(p.TypesInfo, arg) {
							t.Errorf("%s: give the sentence the list itself", p.Fset.Position(arg.Pos()))
						}
					}
				}
				return true
			})
		}
	}
}

func saysSentence(info *types.Info, call *ast.CallExpr) bool {
	return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
		tv, ok := info.Types[arg]
		return ok && tv.Type != nil && tv.Type.String() == sentenceType
	})
}

func joinsWithComma(info *types.Info, e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 2 || types.ExprString(call.Fun) != "strings.Join" {
		return false
	}
	comma := info.Types[call.Args[1]].Value
	return comma != nil && constant.StringVal(comma) == ", "
}
