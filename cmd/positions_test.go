package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// byPosition is how many values may stand for the fields of a struct, or for the
// columns of a row, by their places alone: of more, two that change places compile
// and nobody sees it.
const byPosition = 4

// scanner is the file that reads the rows of a statement into structs, by the names
// of the columns.
const scanner = "projections/scan.go"

// The columns of a view go to fields by their names, and so do the fields of what is
// built from others.
func TestNothingLongIsWrittenByPosition(t *testing.T) {
	src := readSource(t)
	read := 0
	for _, dir := range slices.Sorted(maps.Keys(src.files)) {
		floor, _, _ := strings.Cut(dir, "/")
		if floor != "projections" && floor != "api" {
			continue
		}
		for name, file := range src.files[dir] {
			read++
			for _, found := range src.positional(dir, file) {
				at := src.set.Position(found.pos)
				if where := path.Join(dir, name); where != scanner || found.what != scanned {
					t.Errorf("%s:%d: %s", where, at.Line, found.what)
				}
			}
		}
	}
	if read < 100 {
		t.Errorf("read %d files; the walk does not see the source", read)
	}
}

// What the test looks for is found, and what may stand by position is not.
func TestWhatIsWrittenByPositionIsFound(t *testing.T) {
	const head = "package p\nimport other \"aftersales-ledger/q\"\ntype five struct { a, b, c, d, e int }\ntype list []int\n" +
		"type of[T any] struct { a, b, c, d, e T }\n"
	src := source{set: token.NewFileSet(), structs: map[string]int{"p.five": 5, "p.of": 5, "q.Five": 5}}
	for body, want := range map[string]int{
		"var _ = five{1, 2, 3, 4, 5}":                                              1,
		"var _ = other.Five{1, 2, 3, 4, 5}":                                        1,
		"var _ = []five{{1, 2, 3, 4, 5}, {a: 1}}":                                  1,
		"var _ = []*other.Five{{1, 2, 3, 4, 5}}":                                   1,
		"var _ = map[string]five{\"\": {1, 2, 3, 4, 5}}":                           1,
		"var _ = of[int]{1, 2, 3, 4, 5}":                                           1,
		"var _ = []struct{ a, b, c, d, e int }{{1, 2, 3, 4, 5}}":                   1,
		"func f(r rows) { r.Scan(&a, &b, &c, &d, &e) }":                            1,
		"func f(r rows) { r.Scan(append(to, &a)...) }":                             1,
		"func f(r rows) { r.Scan(&a, &b, &c, &d) }":                                0,
		"var _ = five{a: 1, b: 2, c: 3, d: 4, e: 5}":                               0,
		"var _ = list{1, 2, 3, 4, 5}":                                              0,
		"var _ = []int{1, 2, 3, 4, 5}":                                             0,
		"var _ = []struct{ a, b, c, d int }{{1, 2, 3, 4}}":                         0,
		"var _ = map[string]int{\"a\": 1, \"b\": 2, \"c\": 3, \"d\": 4, \"e\": 5}": 0,
	} {
		file, err := parser.ParseFile(src.set, "p.go", head+body, 0)
		if err != nil {
			t.Fatal(body, err)
		}
		if got := src.positional("p", file); len(got) != want {
			t.Errorf("%s: found %d, want %d", body, len(got), want)
		}
	}
}

// source is the production code: its files by folder, and how many fields each named
// struct has, by folder and name.
type source struct {
	set     *token.FileSet
	files   map[string]map[string]*ast.File
	structs map[string]int
}

func readSource(t *testing.T) source {
	t.Helper()
	s := source{token.NewFileSet(), make(map[string]map[string]*ast.File), make(map[string]int)}
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(name, ".") && file != ".." || name == "node_modules"):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		tree, err := parser.ParseFile(s.set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(file, ".."+string(filepath.Separator))))
		if s.files[dir] == nil {
			s.files[dir] = make(map[string]*ast.File)
		}
		s.files[dir][entry.Name()] = tree
		ast.Inspect(tree, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if st, ok := spec.Type.(*ast.StructType); ok {
					s.structs[dir+"."+spec.Name.Name] = st.Fields.NumFields()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// finding is one place where too much is written by position.
type finding struct {
	pos  token.Pos
	what string
}

const (
	scanned = "a row is read by the places of its columns: read it by their names, with projections.Each or ListOf"
	literal = "a literal of more fields than four names none of them: write field: value"
)

// positional finds what a file writes by position.
func (s source) positional(dir string, file *ast.File) (found []finding) {
	var walk func(of ast.Expr) func(ast.Node) bool
	walk = func(of ast.Expr) func(ast.Node) bool {
		return func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Scan" &&
					(len(n.Args) > byPosition || n.Ellipsis.IsValid()) {
					found = append(found, finding{n.Pos(), scanned})
				}
			case *ast.CompositeLit:
				typ := n.Type
				if typ == nil {
					typ = of
				}
				if len(n.Elts) > byPosition && !keyed(n) && s.isStruct(dir, file, typ) {
					found = append(found, finding{n.Pos(), literal})
				}
				for _, e := range n.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						ast.Inspect(kv.Key, walk(nil))
						e = kv.Value
					}
					ast.Inspect(e, walk(element(typ)))
				}
				return false
			}
			return true
		}
	}
	ast.Inspect(file, walk(nil))
	return found
}

func keyed(n *ast.CompositeLit) bool {
	_, ok := n.Elts[0].(*ast.KeyValueExpr)
	return ok
}

// element is the type of the elements of a list or a map, which literals within it
// need not repeat.
func element(t ast.Expr) ast.Expr {
	switch t := t.(type) {
	case *ast.ArrayType:
		return t.Elt
	case *ast.MapType:
		return t.Value
	}
	return nil
}

// isStruct reports whether a type is a struct of this module, or has no name.
func (s source) isStruct(dir string, file *ast.File, t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.StructType:
		return true
	case *ast.StarExpr:
		return s.isStruct(dir, file, t.X)
	case *ast.IndexExpr:
		return s.isStruct(dir, file, t.X)
	case *ast.IndexListExpr:
		return s.isStruct(dir, file, t.X)
	case *ast.Ident:
		return s.structs[dir+"."+t.Name] > 0
	case *ast.SelectorExpr:
		pkg, ok := t.X.(*ast.Ident)
		return ok && s.structs[imported(file, pkg.Name)+"."+t.Sel.Name] > 0
	}
	return false
}

// imported is the folder of what a file imports under a name.
func imported(file *ast.File, name string) string {
	for _, i := range file.Imports {
		at, _ := strconv.Unquote(i.Path.Value)
		if i.Name != nil && i.Name.Name == name || i.Name == nil && path.Base(at) == name {
			return strings.TrimPrefix(at, module)
		}
	}
	return ""
}
