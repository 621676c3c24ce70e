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
// projects and centers are called whose numbers stand in the columns of the form.
func (c Clerk) named(ctx context.Context, p Filled) (Filled, error) {
	c = c.composing()
	p.Form = p.Form.Named(c.Letterheads)
	head := slices.Clip(p.Form.Head)
	for _, of := range []struct {
		label  string
		ids    []string
		called func(context.Context, string) (string, error)
	}{
		{"项目名称", numbersOn(p.Form, "项目", "项目"), c.projectCalled},
		{"中心名称", numbersOn(p.Form, "物业服务中心", "中心", "付款方"), c.centerCalled},
	} {
		if len(of.ids) > mostNamed {
			continue
		}
		var names []string
		for _, id := range of.ids {
			name, err := of.called(ctx, id)
			if err != nil {
				return p, err
			}
			if name != "" {
				names = append(names, id+" "+name)
			}
		}
		if len(names) > 0 {
			head = append(head, forms.Field{Label: of.label, Value: strings.Join(names, "；")})
		}
	}
	p.Form.Head = head
	return p, nil
}

func (c Clerk) projectCalled(ctx context.Context, id string) (name string, err error) {
	steps, err := c.ledger().Steps(ctx, project.Stream(domain.ProjectID(id)))
	for _, step := range steps {
		if e, ok := step.Event.(project.ProjectRegistered); ok {
			name = e.Name
		}
	}
	return name, err
}

func (c Clerk) centerCalled(ctx context.Context, id string) (string, error) {
	return c.ledger().CenterName(ctx, domain.CenterID(id))
}

// numbersOn are the numbers in some columns of a form whose names do not stand in
// its head.
func numbersOn(f forms.Form, inHead string, labels ...string) (ids []string) {
	head := ""
	for _, h := range f.Head {
		if h.Label == inHead {
			head = h.Value
		}
	}
	for _, t := range f.Tables {
		for i, c := range t.Columns {
			label, _, _ := strings.Cut(c.Header, "\n")
			if !slices.Contains(labels, label) {
				continue
			}
			if i+1 < len(t.Columns) && t.Columns[i+1].Header == "名称" {
				return nil // the form names them itself
			}
			for _, r := range t.Rows {
				id := r[i]
				if id != "" && !strings.Contains(head, id) && domain.CheckID(label, id) == nil && !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	slices.Sort(ids)
	return ids
}
