package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/forms"
	"aftersales-ledger/domain"
)

// FormParams say how a paper is wanted.
type FormParams struct {
	Format string `query:"format" enum:"xlsx,html" default:"xlsx" doc:"A worksheet, or a page to print"`
}

// download is a file.
type download struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var formats = map[string]struct {
	contentType string
	render      func(forms.Form, *bytes.Buffer) error
}{
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(f forms.Form, b *bytes.Buffer) error { return f.XLSX(b) }},
	"html": {"text/html; charset=utf-8", func(f forms.Form, b *bytes.Buffer) error { return f.Print(b) }},
}

// form registers a GET that answers with a paper, and the name of its file.
func form[I any](s *server, path, id, summary string, roles []domain.Role, lay func(context.Context, *I) (f forms.Form, name, format string, err error)) {
	content := make(map[string]*huma.MediaType, len(formats))
	for _, f := range formats {
		content[f.contentType] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	op := operation(http.MethodGet, path, id, summary, roles)
	op.Errors = []int{401, 403, 404, 422, 503}
	op.Responses = map[string]*huma.Response{"200": {Description: "The paper", Content: content}}
	naming := namingOf(reflect.TypeFor[I]())
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*download, error) {
		if err := s.mustExist(ctx, naming, in); err != nil {
			return nil, s.problem(ctx, err)
		}
		f, name, format, err := lay(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		var b bytes.Buffer
		if err := formats[format].render(f, &b); err != nil {
			return nil, s.problem(ctx, err)
		}
		disposition := "inline"
		if format == "xlsx" {
			disposition = "attachment"
		}
		return &download{
			ContentType: formats[format].contentType,
			Disposition: fmt.Sprintf("%s; filename*=UTF-8''%s.%s", disposition, url.PathEscape(name), format),
			Body:        b.Bytes(),
		}, nil
	})
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
	d, err := s.deps.Ledger.StatementDocument(ctx, center, quarter, in.Version, in.Draft)
	if err != nil {
		return f, "", "", err
	}
	st := d.Version.Statement
	return forms.Statement(d), fmt.Sprintf("对账单 %s v%d", st.Statement, st.Version), in.Format, nil
}
