package papers

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type statementFormInput struct {
	kit.QuarterPath
	FormParams
	Version int  `query:"version" minimum:"0" doc:"Default: the last that was issued"`
	Draft   bool `query:"draft" doc:"What the next version would be now"`
}

func (s *service) statementForm(
	ctx context.Context, in *statementFormInput,
) (f forms.Form, name, format string, err error) {
	var p kit.Parser
	center := kit.Visible(ctx, in.Center)
	quarter := p.Quarter("quarter", in.Quarter)
	if p.Err != nil {
		return f, "", "", p.Err
	}
	if in.Draft && in.Version != 0 {
		return f, "", "", domain.Invalid("draft", "true", "draft-or-version", "must not be asked for together with a version",
			"")
	}
	f, name, err = s.statementPaper(ctx, center, quarter, in.Version, in.Draft)
	return f, name, in.Format, err
}

// statementPaper lays a version of a statement out, and names its file.
func (s *service) statementPaper(
	ctx context.Context, center domain.CenterID, q calendar.Quarter, version int, draft bool,
) (f forms.Form, name string, err error) {
	d, err := s.Ledger(ctx).StatementDocument(ctx, center, q, version, draft)
	if err != nil {
		return f, "", err
	}
	region, err := s.regionOf(ctx, center)
	if err != nil {
		return f, "", err
	}
	st, on := d.Version.Statement, d.Version.IssuedOn
	if d.Draft {
		on = calendar.DateOf(s.Deps.Clock())
	}
	f = forms.Statement(d).Sent(s.Deps.Letterheads.On(on, region)).ToPay(s.Deps.Letterheads.On(on, region))
	f.On = on
	return f, fmt.Sprintf("对账单 %s v%d", st.Statement, st.Version), nil
}

// regionOf is the region that a center's account was opened in.
func (s *service) regionOf(ctx context.Context, center domain.CenterID) (region string, err error) {
	err = s.Ledger(ctx).EachEvent(ctx, account.Stream(center), func(e domain.Event) bool {
		if opened, ok := e.(account.AccountOpened); ok {
			region = opened.Region
			return false
		}
		return true
	})
	return region, err
}

type regionStatementsInput struct {
	Region  string `path:"region" doc:"Region, such as 华东"`
	Quarter string `path:"quarter" example:"2026Q3"`
	Format  string `query:"format" enum:"pdf,zip" default:"pdf" doc:"One PDF, each statement beginning on a page of its own, or an archive of a PDF for each center"`
	After   uint64 `query:"after" doc:"Log position that must be included"`
}

// regionStatements are the last versions of a quarter's statements of all
// centers of a region, in the order of the centers.
func (s *service) regionStatements(ctx context.Context, in *regionStatementsInput) (*download, error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	cut, err := s.Cut(ctx, &p, kit.CutParams{After: in.After})
	if err != nil {
		return nil, err
	}
	type one struct {
		form forms.Form
		name string
	}
	var all []one
	filter := moneyviews.StatementFilter{Filter: projections.Filter{Region: in.Region}, Quarter: quarter}
	for page := (projections.Page{Limit: projections.MaxLimit}); ; {
		list, err := moneyviews.Of(s.Deps.ReadModels).Statements(ctx, cut, filter, page)
		if err != nil {
			return nil, err
		}
		for _, row := range list.Rows {
			if row.Version == 0 { // the others go out without the one that was not issued
				continue
			}
			f, name, err := s.statementPaper(ctx, row.Center, quarter, 0, false)
			if err != nil {
				return nil, err
			}
			if f, err = s.withNames(kit.Composing(ctx), f); err != nil {
				return nil, err
			}
			all = append(all, one{f, name})
		}
		if list.Next == "" {
			break
		}
		page.After = list.Next
	}
	if len(all) == 0 {
		return nil, domain.NotFound("region", in.Region, "no-statements", "has no statement of %s that was issued", quarter)
	}
	var b bytes.Buffer
	name := fmt.Sprintf("对账单 %s %s", in.Region, quarter)
	if in.Format == "pdf" {
		list := make([]forms.Form, len(all))
		for i, x := range all {
			list[i] = x.form
		}
		err := forms.PDF(&b, list...)
		return downloaded("application/pdf", name, "pdf", b.Bytes()), err
	}
	archive := zip.NewWriter(&b)
	for _, x := range all {
		w, err := archive.CreateHeader(&zip.FileHeader{
			Name: x.name + ".pdf", Method: zip.Deflate, Modified: s.Deps.Clock().In(calendar.Shanghai).Truncate(time.Second),
		})
		if err != nil {
			return nil, err
		}
		if err := x.form.PDF(w); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil { // which writes what the archive holds
		return nil, err
	}
	return downloaded("application/zip", name, "zip", b.Bytes()), nil
}
