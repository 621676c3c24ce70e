package fill

import (
	"context"
	"slices"
	"strings"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/project"
)

// mostNamed bounds the legend of a paper: more projects than this are looked up
// elsewhere.
const mostNamed = 60

// named puts people's names beside their accounts, and says in the head what the
// projects are called whose numbers stand in the columns of the form.
func (c Clerk) named(ctx context.Context, p Filled) (Filled, error) {
	c = c.composing()
	p.Form = p.Form.Named(c.Letterheads)
	ids := projectsOn(p.Form)
	if len(ids) == 0 || len(ids) > mostNamed {
		return p, nil
	}
	var names []string
	for _, id := range ids {
		steps, err := c.ledger().Steps(ctx, project.Stream(id))
		if err != nil {
			return p, err
		}
		for _, step := range steps {
			if e, ok := step.Event.(project.ProjectRegistered); ok {
				names = append(names, string(e.Project)+" "+e.Name)
			}
		}
	}
	if len(names) > 0 {
		p.Form.Head = append(slices.Clip(p.Form.Head), forms.Field{Label: "项目名称", Value: strings.Join(names, "；")})
	}
	return p, nil
}

// projectsOn are the projects whose numbers stand in a form without their names.
func projectsOn(f forms.Form) (ids []domain.ProjectID) {
	head := ""
	for _, h := range f.Head {
		if h.Label == "项目" {
			head = h.Value
		}
	}
	for _, t := range f.Tables {
		for i, c := range t.Columns {
			label, _, _ := strings.Cut(c.Header, "\n")
			if label != "项目" {
				continue
			}
			if i+1 < len(t.Columns) && t.Columns[i+1].Header == "名称" {
				return nil // the form names its projects itself
			}
			for _, r := range t.Rows {
				id := domain.ProjectID(r[i])
				if r[i] != "" && !strings.Contains(head,
					r[i]) && domain.CheckID("project", id) == nil && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	slices.Sort(ids)
	return ids
}
