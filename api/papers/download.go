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
	Format string `query:"format" enum:"xlsx,html,pdf" default:"xlsx" doc:"A worksheet, a page to print, or a PDF that carries its font"`
}

func (p FormParams) format() string { return p.Format }

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

var formats = map[string]struct {
	contentType string
	render      func(forms.Form, io.Writer) error
}{
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", forms.Form.XLSX},
	"html": {"text/html; charset=utf-8", forms.Form.Print},
	"pdf":  {"application/pdf", forms.Form.PDF},
}

// form registers a GET that answers with a paper that the clerk of who asks fills.
func form[I any, P interface {
	*I
	format() string
}](
	s *service, path, id, summary string, may *kit.Action,
	paper func(context.Context, fill.Clerk, P) (fill.Filled, error),
) {
	var types []string
	for _, f := range formats {
		types = append(types, f.contentType)
	}
	file(s, path, id, summary, may, types, func(ctx context.Context, in *I) (*download, error) {
		p, err := paper(ctx, s.clerk(ctx), in)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		format := P(in).format()
		if err := formats[format].render(p.Form, &b); err != nil {
			return nil, err
		}
		return downloaded(formats[format].contentType, p.File, format, b.Bytes()), nil
	})
}

// clerk fills papers for who makes a request.
func (s *service) clerk(ctx context.Context) fill.Clerk {
	return fill.Clerk{
		Ledger: s.Deps.Ledger, ReadModels: s.Deps.ReadModels, Letterheads: s.Deps.Letterheads, Clock: s.Deps.Clock,
		For: kit.ActorOf(ctx), Scope: kit.ScopeOf(ctx),
	}
}

// file registers a GET that answers with a file of one of several types.
func file[I any](
	s *service, path, id, summary string, may *kit.Action, types []string,
	make func(context.Context, *I) (*download, error),
) {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	op := kit.Operation(http.MethodGet, path, id, summary, may)
	op.Errors = []int{401, 403, 404, 422, 503}
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
