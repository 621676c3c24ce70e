package cmd_test

import (
	"go/ast"
	"strconv"
	"strings"
	"testing"
)

// alone are references of which nothing is near, by their code or by that and the folder, with the reason. What is
// known to the whole department by its number (projects, tickets) is looked for beside the
// decision, see kit.Service.Told.
var alone = map[string]string{
	"unknown-project":        "of the whole department: kit.Service.Told",
	"unknown-center":         "of the whole department: kit.Service.Told",
	"unknown-ticket":         "of the whole department: kit.Service.Told",
	"unknown-return":         "of the whole department: kit.Service.Told",
	"unknown-requisition":    "of the whole department: kit.Service.Told",
	"unknown-region":         "of the whole department: kit.Service.MustBeRegion",
	"unknown-city":           "of the whole department: kit.Service.MustBeCity",
	"unknown-login":          "logins are told to administrators alone: kit.Service.Told",
	"unknown-credentials":    "a key drawn at random is like no other",
	"unknown-webhook":        "a key drawn at random is like no other",
	"unknown-message":        "a key drawn at random is like no other",
	"unknown-stream":         "the log knows no stream by what it is like",
	"unknown-serial":         "looked for before the question: kit.Service.MustExist",
	"unknown-notice":         "a notice is not typed, but taken from the list of notices",
	"unknown-attachment":     "a digest is like no other",
	"unknown-filing-version": "a version is a figure, and the rule names all there are",
	"unknown-statement":      "a version is a figure up to the present one, which the rule names",

	"unknown-finding of eventstore/ledger": "outside the scope: api/parts has looked for it before",
	"unknown-name of api/imports":          "the row carries the nearest: api/imports.Nearest",
}

// Whoever names in a command or a question what does not exist is offered what does: the refusal carries
// what there is.
func TestARefusedReferenceOffersWhatThereIs(t *testing.T) {
	s, found := readSource(t), 0
	for dir, files := range s.files {
		for _, file := range files {
			offered := map[ast.Expr]bool{}
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				of, ok := call.Fun.(*ast.SelectorExpr)
				switch {
				case !ok:
				case of.Sel.Name == "Among":
					offered[of.X] = true // the outer call comes first
				case of.Sel.Name == "NotFound" && len(call.Args) > 2:
					written, ok := call.Args[2].(*ast.BasicLit)
					if !ok { // of kit's things, which are looked for before the refusal is made
						return true
					}
					code, _ := strconv.Unquote(written.Value)
					if !strings.HasPrefix(code, "unknown-") {
						return true
					}
					found++
					if !offered[call] && alone[code] == "" && alone[code+" of "+dir] == "" {
						t.Errorf("%s: %s offers nothing: chain .Among with what there is", s.set.Position(call.Pos()), code)
					}
				}
				return true
			})
		}
	}
	if found < 45 {
		t.Errorf("%d references were found; the walk does not see the source", found)
	}
}
