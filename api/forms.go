package api

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
)

// FormParams say how a paper is wanted.
type FormParams struct {
	Format string `query:"format" enum:"xlsx,html,pdf" default:"xlsx" doc:"A worksheet, a page to print, or a PDF that carries its font"`
}

// download is a file.
type download struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var formats = map[string]struct {
	contentType string
	render      func(forms.Form, io.Writer) error
}{
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", forms.Form.XLSX},
	"html": {"text/html; charset=utf-8", forms.Form.Print},
	"pdf":  {"application/pdf", forms.Form.PDF},
}

// form registers a GET that answers with a paper, and the name of its file.
func form[I any](s *server, path, id, summary string, roles []domain.Role, lay func(context.Context, *I) (f forms.Form, name, format string, err error)) {
	var types []string
	for _, f := range formats {
		types = append(types, f.contentType)
	}
	file(s, path, id, summary, roles, types, func(ctx context.Context, in *I) (*download, error) {
		f, name, format, err := lay(ctx, in)
		if err != nil {
			return nil, err
		}
		if f, err = s.withNames(ctx, f); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := formats[format].render(f, &b); err != nil {
			return nil, err
		}
		return downloaded(formats[format].contentType, name, format, b.Bytes()), nil
	})
}

// file registers a GET that answers with a file of one of several types.
func file[I any](s *server, path, id, summary string, roles []domain.Role, types []string, make func(context.Context, *I) (*download, error)) {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	op := operation(http.MethodGet, path, id, summary, roles)
	op.Errors = []int{401, 403, 404, 422, 503}
	op.Responses = map[string]*huma.Response{"200": {Description: "The paper", Content: content}}
	naming := namingOf(reflect.TypeFor[I]())
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*download, error) {
		if err := s.mustExist(ctx, naming, in); err != nil {
			return nil, s.problem(ctx, err)
		}
		d, err := make(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return d, nil
	})
}

// downloaded is a file that a browser shows where it can: a worksheet and an
// archive it keeps.
func downloaded(contentType, name, extension string, body []byte) *download {
	disposition := "inline"
	if extension == "xlsx" || extension == "zip" {
		disposition = "attachment"
	}
	return &download{
		ContentType: contentType, Disposition: fmt.Sprintf("%s; filename*=UTF-8''%s.%s", disposition, url.PathEscape(name), extension), Body: body,
	}
}

type statementFormInput struct {
	QuarterPath
	FormParams
	Version int  `query:"version" minimum:"0" doc:"Default: the last that was issued"`
	Draft   bool `query:"draft" doc:"What the next version would be now"`
}

func (s *server) statementForm(ctx context.Context, in *statementFormInput) (f forms.Form, name, format string, err error) {
	var p parser
	center, err := visible(ctx, in.Center)
	if err != nil {
		return f, "", "", err
	}
	quarter := p.quarter("quarter", in.Quarter)
	if p.err != nil {
		return f, "", "", p.err
	}
	if in.Draft && in.Version != 0 {
		return f, "", "", domain.Invalid("draft", "true", "draft-or-version", "must not be asked for together with a version", "")
	}
	f, name, err = s.statementPaper(ctx, center, quarter, in.Version, in.Draft)
	return f, name, in.Format, err
}

// statementPaper lays a version of a statement out, and names its file.
func (s *server) statementPaper(ctx context.Context, center domain.CenterID, q calendar.Quarter, version int, draft bool) (f forms.Form, name string, err error) {
	d, err := s.deps.Ledger.StatementDocument(ctx, center, q, version, draft)
	if err != nil {
		return f, "", err
	}
	region, err := s.regionOf(ctx, center)
	if err != nil {
		return f, "", err
	}
	st, on := d.Version.Statement, d.Version.IssuedOn
	if d.Draft {
		on = calendar.DateOf(s.deps.Clock())
	}
	return forms.Statement(d).Sent(s.deps.Letterheads.On(on, region)).ToPay(s.deps.Letterheads.On(on, region)), fmt.Sprintf("对账单 %s v%d", st.Statement, st.Version), nil
}

// regionOf is the region that a center's account was opened in.
func (s *server) regionOf(ctx context.Context, center domain.CenterID) (region string, err error) {
	err = s.deps.Ledger.EachEvent(ctx, account.Stream(center), func(e domain.Event) bool {
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
func (s *server) regionStatements(ctx context.Context, in *regionStatementsInput) (*download, error) {
	var p parser
	quarter := p.quarter("quarter", in.Quarter)
	cut, err := s.cut(ctx, &p, CutParams{After: in.After})
	if err != nil {
		return nil, err
	}
	type one struct {
		form forms.Form
		name string
	}
	var all []one
	filter := projections.StatementFilter{Filter: projections.Filter{Region: in.Region}, Quarter: quarter}
	for page := (projections.Page{Limit: projections.MaxLimit}); ; {
		list, err := s.deps.ReadModels.Statements(ctx, cut, filter, page)
		if err != nil {
			return nil, err
		}
		for _, row := range list.Rows {
			f, name, err := s.statementPaper(ctx, row.Center, quarter, 0, false)
			if err != nil {
				return nil, err
			}
			if f, err = s.withNames(ctx, f); err != nil {
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
		w, err := archive.CreateHeader(&zip.FileHeader{Name: x.name + ".pdf", Method: zip.Deflate, Modified: s.deps.Clock().In(calendar.Shanghai).Truncate(time.Second)})
		if err != nil {
			return nil, err
		}
		if err := x.form.PDF(w); err != nil {
			return nil, err
		}
	}
	return downloaded("application/zip", name, "zip", b.Bytes()), archive.Close()
}
