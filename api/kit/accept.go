package kit

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Format is one of the ways in which a route answers, as ?format= and Accept ask for it.
type Format struct{ Name, Media string }

type formatKey struct{}

// InFormats has an operation answer in the format that ?format= names, else in the one that
// Accept asks for, else in the first. Of an Accept that none of them suits it is said what
// there is (406).
func InFormats(op *huma.Operation, formats []Format) {
	names := make([]string, len(formats))
	media := make([]string, len(formats))
	for i, f := range formats {
		names[i], media[i] = f.Name, mediaOf(f)
	}
	op.Errors = append(op.Errors, http.StatusNotAcceptable)
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		i := slices.Index(names, ctx.Query("format"))
		switch {
		case i >= 0:
		case ctx.Query("format") != "":
			next(ctx) // whose parameter is refused
			return
		default:
			i = accepted(ctx.Header("Accept"), media)
			if i < 0 {
				writeProblem(ctx, NewProblem(ctx.Context(), http.StatusNotAcceptable, "no-such-format",
					"nothing is answered here as %s; there are %v, by Accept or as ?format= %v", ctx.Header("Accept"), media, names))
				return
			}
			ctx.AppendHeader("Vary", "Accept")
		}
		next(huma.WithValue(ctx, formatKey{}, formats[i]))
	})
}

func mediaOf(f Format) string {
	media, _, _ := strings.Cut(f.Media, ";")
	return media
}

// accepted is which of some media types an Accept header likes best, the earlier of two
// that it likes alike; -1 if none suits it, and the first where it says nothing.
func accepted(accept string, media []string) int {
	best, liked := -1, 0.0
	if strings.TrimSpace(accept) == "" {
		return 0
	}
	for i, m := range media {
		if q := quality(accept, m); q > liked {
			best, liked = i, q
		}
	}
	return best
}

// quality is how much an Accept header likes a media type: what it says of it most
// exactly (RFC 9110, 12.5.1).
func quality(accept, media string) (q float64) {
	exact := -1
	for part := range strings.SplitSeq(accept, ",") {
		of, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		how := -1
		switch group, _, _ := strings.Cut(media, "/"); of {
		case media:
			how = 2
		case group + "/*":
			how = 1
		case "*/*":
			how = 0
		}
		if how <= exact {
			continue
		}
		exact, q = how, 1
		if said, ok := params["q"]; ok {
			q, _ = strconv.ParseFloat(said, 64)
		}
	}
	return q
}

// FormatOf is the format in which a request is answered, see [InFormats].
func FormatOf(ctx context.Context) Format {
	format, _ := ctx.Value(formatKey{}).(Format)
	return format
}
