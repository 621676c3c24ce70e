package ledger_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// trade is the source of the packages that hold commands: what their types are,
// which of them have a CommandName, and which say themselves how they are
// encoded.
type trade struct {
	types    map[string]ast.Expr // by "package.Type"
	commands map[string]string   // names, by type
	encoded  map[string]bool
}

func readTrade(t *testing.T) trade {
	t.Helper()
	sources, err := filepath.Glob("../../domain/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Glob("../../domain/*.go")
	if err != nil {
		t.Fatal(err)
	}
	tr := trade{map[string]ast.Expr{}, map[string]string{}, map[string]bool{}}
	for _, source := range slices.Concat(sources, own, root) {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok {
						tr.types[file.Name.Name+"."+s.Name.Name] = s.Type
					}
				}
			case *ast.FuncDecl:
				if d.Recv == nil {
					continue
				}
				of := file.Name.Name + "." + receiver(d)
				switch d.Name.Name {
				case "CommandName":
					result := d.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit)
					if tr.commands[of], err = strconv.Unquote(result.Value); err != nil {
						t.Fatal(err)
					}
				case "MarshalJSON", "MarshalText":
					tr.encoded[of] = true
				}
			}
		}
	}
	return tr
}

func receiver(f *ast.FuncDecl) string {
	typ := f.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if name, ok := typ.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// named is how a type is called where it is used in a package, and the package
// in whose terms its parts are.
func named(pkg string, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return pkg + "." + e.Name
	case *ast.SelectorExpr:
		return e.X.(*ast.Ident).Name + "." + e.Sel.Name
	}
	return ""
}

// shape writes down how a type is encoded as JSON, and complains of fields that
// are encoded under the name they have in Go.
func (tr trade) shape(pkg string, e ast.Expr, within string, complain func(string)) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return tr.shape(pkg, e.X, within, complain)
	case *ast.ArrayType:
		return "[" + tr.shape(pkg, e.Elt, within, complain) + "]"
	case *ast.MapType:
		return "{" + tr.shape(pkg, e.Key, within, complain) + ": " + tr.shape(pkg, e.Value, within, complain) + "}"
	case *ast.StructType:
		var fields []string
		for _, f := range e.Fields.List {
			tag := ""
			if f.Tag != nil {
				text, _ := strconv.Unquote(f.Tag.Value)
				tag = reflect.StructTag(text).Get("json")
			}
			name, options, _ := strings.Cut(tag, ",")
			if options == "" && name != "" {
				options = "!" // is there where nothing is said, too
			} else {
				options = ""
			}
			switch {
			case len(f.Names) == 0 && name == "":
				fields = append(fields, strings.Trim(tr.shape(pkg, f.Type, within, complain), "{}"))
			case len(f.Names) != 1 || name == "":
				complain(fmt.Sprintf("field %v of %s has no name of its own for JSON", f.Names, within))
			default:
				fields = append(fields, name+options+" "+tr.shape(pkg, f.Type, name, complain))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	name := named(pkg, e)
	typ, known := tr.types[name]
	if !known || tr.encoded[name] {
		_, short, _ := strings.Cut(name, ".")
		return strings.ToLower(short)
	}
	of, _, _ := strings.Cut(name, ".")
	if within == "" {
		within = name // a command that is defined as what it records
	}
	return tr.shape(of, typ, within, complain)
}

// TestCommandsKeepWhatIsHashed: the hash of a command's content is in the log,
// where a repeat is told from another command by it. Every command has a name
// that is its own (the compiler sees to it that there is one), and every field
// a name in its tag; golden are the shapes that were hashed, with ! after a field
// that is there even where it says nothing. Fields without that may join.
func TestCommandsKeepWhatIsHashed(t *testing.T) {
	tr := readTrade(t)
	for name, typ := range tr.types {
		s, ok := typ.(*ast.StructType)
		if !ok {
			continue
		}
		pkg, _, _ := strings.Cut(name, ".")
		for _, f := range s.Fields.List {
			if of := named(pkg, f.Type); len(f.Names) == 0 && tr.commands[of] != "" && tr.commands[name] == "" {
				tr.commands[name] = tr.commands[of] + " in the ledger" // is the command, with what the ledger looks up
			}
		}
	}
	var shapes []string
	holders := map[string]string{}
	for typ, name := range tr.commands {
		if other, taken := holders[name]; taken {
			t.Errorf("%s and %s have one name: %s", typ, other, name)
		}
		holders[name] = typ
		pkg, _, _ := strings.Cut(typ, ".")
		shapes = append(shapes,
			name+" "+tr.shape(pkg, tr.types[typ], "", func(what string) { t.Errorf("%s: %s", typ, what) }))
	}
	slices.Sort(shapes)
	if len(shapes) < 90 {
		t.Errorf("only %d commands were found", len(shapes))
	}
	golden, err := os.ReadFile("testdata/commands.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, was := range strings.Split(strings.TrimSpace(string(golden)), "\n") {
		if !slices.Contains(shapes, was) {
			name, _, _ := strings.Cut(was, " ")
			t.Errorf("%s was hashed as\n%s\nwhich it is no more: unless only fields joined, a repeat of one recorded before would be refused", name, was)
		}
	}
	for _, is := range shapes {
		if !slices.Contains(strings.Split(string(golden), "\n"), is) {
			t.Errorf("testdata/commands.golden lacks the line\n%s", is)
		}
	}
}
