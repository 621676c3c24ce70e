package cmd_test

import (
	"go/ast"
	"strconv"
	"strings"
	"testing"
)

// alone are references of which nothing is near, by their code, with the reason. What is
// known to the whole department by its number (projects, tickets) is looked for beside the
// decision, see kit.Service.Told.
var alone = map[string]string{
	"unknown-project":     "of the whole department: kit.Service.Told",
	"unknown-center":      "of the whole department: kit.Service.Told",
	"unknown-ticket":      "of the whole department: kit.Service.Told",
	"unknown-return":      "of the whole department: kit.Service.Told",
	"unknown-requisition": "of the whole department: kit.Service.Told",
	"unknown-region":      "of the whole department: kit.Service.MustBeRegion",
	"unknown-finding":     "a key is not typed, but taken from the list of findings",
	"unknown-notice":      "a notice is not typed, but taken from the list of notices",
	"unknown-attachment":  "a digest is like no other",
	"unknown-statement":   "a version is a figure up to the present one, which the rule names",
}

// Whoever names in a command what does not exist is offered what does: the refusal carries
// what there is.
func TestARefusedReferenceOffersWhatThereIs(t *testing.T) {
	s, found := readSource(t), 0
	for dir, files := range s.files {
		if !strings.HasPrefix(dir, "domain/") && dir != "eventstore/ledger" {
			continue
		}
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
					code, _ := strconv.Unquote(call.Args[2].(*ast.BasicLit).Value)
					if !strings.HasPrefix(code, "unknown-") {
						return true
					}
					found++
					if !offered[call] && alone[code] == "" {
						t.Errorf("%s: %s offers nothing: chain .Among with what there is", s.set.Position(call.Pos()), code)
					}
				}
				return true
			})
		}
	}
	if found < 15 {
		t.Errorf("%d references were found; the walk does not see the source", found)
	}
}
