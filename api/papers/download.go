package papers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/papers/fill"
	"aftersales-ledger/api/papers/forms"
)

// FormParams say how a paper is wanted.
type FormParams struct {
	Format string `query:"format" enum:"xlsx,html,pdf" doc:"A worksheet, a page to print, or a PDF that carries its font. Default: what Accept asks for, else the worksheet"`
}

// download is a file.
type download struct {
	Status      int
	ETag        string `header:"ETag"`
	Cache       string `header:"Cache-Control"`
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Content     string `header:"Content-Security-Policy"`
	Body        []byte
}

// paperContent lets a page to print carry its own styles, and the console show a
// paper within a page of its own.
const paperContent = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'self'"

// papersIn are the formats of a paper, the first where nobody asks for another.
var papersIn = []kit.Format{
	{Name: "xlsx", Media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{Name: "html", Media: "text/html; charset=utf-8"},
	{Name: "pdf", Media: "application/pdf"},
}

var render = map[string]func(forms.Form, io.Writer) error{
	"xlsx": forms.Form.XLSX, "html": forms.Form.Print, "pdf": forms.Form.PDF,
}

// form registers a GET that answers with a paper that the clerk of who asks fills.
func form[I any](
	s *service, path, id, summary string, may *kit.Action,
	paper func(context.Context, fill.Clerk, *I) (fill.Filled, error),
) {
	file(s, path, id, summary, may, papersIn, func(ctx context.Context, in *I) (*download, error) {
		p, err := paper(ctx, s.clerk(ctx), in)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		format := kit.FormatOf(ctx)
		if err := render[format.Name](p.Form, &b); err != nil {
			return nil, err
		}
		return downloaded(format.Media, p.File, format.Name, b.Bytes()), nil
	})
}

// clerk fills papers for who makes a request.
func (s *service) clerk(ctx context.Context) fill.Clerk {
	return fill.Clerk{
		Ledger: s.Deps.Ledger, ReadModels: s.Deps.ReadModels, Letterheads: s.Deps.Letterheads, Clock: s.Deps.Clock,
		For: kit.ActorOf(ctx), Scope: kit.ScopeOf(ctx),
	}
}

// file registers a GET that answers with a file in one of several formats.
func file[I any](
	s *service, path, id, summary string, may *kit.Action, formats []kit.Format,
	make func(context.Context, *I) (*download, error),
) {
	content := map[string]*huma.MediaType{}
	for _, f := range formats {
		content[f.Media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	op := kit.Operation(http.MethodGet, path, id, summary, may)
	op.Errors = []int{401, 403, 404, 422, 503}
	kit.InFormats(&op, formats)
	op.Responses = map[string]*huma.Response{"200": {Description: "The paper", Content: content}}
	naming := kit.NamingOf(reflect.TypeFor[I]())
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*download, error) {
		if err := s.MustExist(ctx, naming, in); err != nil {
			return nil, s.Problem(ctx, err)
		}
		d, err := make(ctx, in)
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		tag, same := kit.SameBytes(ctx, d.Body)
		d.Status, d.ETag, d.Cache = http.StatusOK, tag, "private, no-cache"
		if same {
			return &download{Status: http.StatusNotModified, ETag: tag, Cache: d.Cache}, nil
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
		ContentType: contentType,
		Disposition: fmt.Sprintf("%s; filename*=UTF-8''%s.%s", disposition, url.PathEscape(name), extension),
		Content:     paperContent, Body: body,
	}
}
