// Package claimsfile reads what an identity provider's claims come to from a YAML file.
// What is not whole is refused with the line and the reason.
package claimsfile

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"aftersales-ledger/api/door/claims"
	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// maxFileSize bounds a file, in bytes: some thousand rules.
const maxFileSize = 1 << 20

// Read reads a file.
func Read(path string) (claims.Mapping, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return claims.Mapping{}, err
	}
	return Parse(path, src)
}

// Parse reads the content of a file; api/door/README.md shows one.
func Parse(file string, src []byte) (m claims.Mapping, err error) {
	lines, err := yamlfile.Parse(file, src, maxFileSize, "one mapping", func(r *yamlfile.Reader, n ast.Node) {
		m = (&reader{r}).document(n)
	})
	if err == nil {
		err = m.Check()
	}
	if err != nil {
		return claims.Mapping{}, lines.Place(err)
	}
	return m, nil
}

var (
	topFields  = []string{"login", "name", "mail", "link", "create", "days", "userinfo", "grants"}
	textFields = []string{"claim", "before"}
	ruleFields = []string{"when", "role", "company", "regions", "cities", "projects", "centers"}
	nameFields = []string{"claim", "prefix"}
	kinds      = map[string]access.Kind{
		"regions": access.OfRegions, "cities": access.OfCities, "projects": access.OfProjects, "centers": access.OfOneCenter,
	}
)

type reader struct{ *yamlfile.Reader }

func (r *reader) document(n ast.Node) (m claims.Mapping) {
	f := r.Mapping(n, "", topFields)
	switch n := f["login"].(type) {
	case nil:
	case *ast.MappingNode, *ast.MappingValueNode:
		t := r.Mapping(n, "login.", textFields)
		m.Login = claims.Text{Claim: r.text(t["claim"]), Before: r.text(t["before"])}
	default:
		m.Login.Claim = r.Scalar(n)
	}
	m.Name, m.Mail, m.Link = r.text(f["name"]), r.text(f["mail"]), user.LinkBy(r.text(f["link"]))
	m.Create, m.UserInfo = r.yes("create", f["create"]), r.yes("userinfo", f["userinfo"])
	if n := f["days"]; n != nil {
		days, err := strconv.Atoi(r.Scalar(n))
		if err != nil {
			r.Fail(yamlfile.LineOf(n), "%s must be a whole number", "days")
		}
		m.Days = days
	}
	if f["grants"] == nil {
		return m
	}
	list, ok := f["grants"].(*ast.SequenceNode)
	if !ok {
		r.Fail(yamlfile.LineOf(f["grants"]), "%s must be a list", "grants")
		return m
	}
	for i, n := range list.Values {
		m.Rules = append(m.Rules, r.rule(fmt.Sprintf("grants[%d]", i), n))
	}
	return m
}

func (r *reader) rule(at string, n ast.Node) (rule claims.Rule) {
	r.Lines[at] = yamlfile.LineOf(n)
	rule.At = fmt.Sprintf("%s:%d", r.File, r.Lines[at])
	f := r.Mapping(n, at+".", ruleFields)
	if n := f["when"]; n != nil {
		when := r.Mapping(n, at+".when.", nil)
		for _, claim := range sorted(when) {
			rule.When = append(rule.When, claims.Requirement{Claim: claim, Values: r.list(when[claim])})
		}
	}
	rule.Role = domain.Role(r.text(f["role"]))
	rule.Reach.All = r.yes("company", f["company"])
	for name, kind := range kinds {
		switch n := f[name].(type) {
		case nil:
		case *ast.MappingNode, *ast.MappingValueNode:
			if rule.From.Kind != "" {
				r.Fail(yamlfile.LineOf(n), "only one kind of names is taken from a claim")
			}
			t := r.Mapping(n, at+"."+name+".", nameFields)
			rule.From = claims.Names{Kind: kind, Claim: r.text(t["claim"]), Prefix: r.text(t["prefix"])}
		default:
			names := r.list(n)
			switch kind {
			case access.OfRegions:
				rule.Reach.Regions = names
			case access.OfCities:
				rule.Reach.Cities = names
			case access.OfProjects:
				for _, name := range names {
					rule.Reach.Projects = append(rule.Reach.Projects, domain.ProjectID(name))
				}
			default:
				for _, name := range names {
					rule.Reach.Centers = append(rule.Reach.Centers, domain.CenterID(name))
				}
			}
		}
	}
	return rule
}

func sorted(fields map[string]ast.Node) []string {
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// text is a single value, empty if there is none.
func (r *reader) text(n ast.Node) string {
	if n == nil {
		return ""
	}
	return r.Scalar(n)
}

func (r *reader) yes(name string, n ast.Node) bool {
	switch text := r.text(n); text {
	case "true", "false", "":
		return text == "true"
	}
	r.Fail(yamlfile.LineOf(n), "%s must be true or false", name)
	return false
}

// list is a single value, or a list of them.
func (r *reader) list(n ast.Node) (out []string) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		return []string{r.Scalar(n)}
	}
	for _, v := range s.Values {
		out = append(out, r.Scalar(v))
	}
	return out
}

// Unknown refuses a mapping that names what the ledger does not know, with where it does.
// known is what of a reach there is; begun is false for a ledger without any center or
// project: nothing can be told by it.
func Unknown(m claims.Mapping, known func(access.Reach) (of access.Reach, begun bool, err error)) error {
	var errs []error
	for _, r := range m.Rules {
		of, begun, err := known(r.Reach)
		if err != nil {
			return err
		}
		missing := r.Reach.Without(of)
		if !begun || missing.Nothing() {
			continue
		}
		errs = append(errs, domain.Failed(nil,
			"%s: the ledger knows nothing of %v: write it as the ledger does, or take it away", r.At, names(missing)))
	}
	return errors.Join(errs...)
}

func names(r access.Reach) (all []string) {
	all = append(append(all, r.Regions...), r.Cities...)
	for _, id := range r.Projects {
		all = append(all, string(id))
	}
	for _, id := range r.Centers {
		all = append(all, string(id))
	}
	return all
}
