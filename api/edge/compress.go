package edge

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"aftersales-ledger/api/kit"
)

// worthIt is from how many bytes on an answer is compressed: what fits a packet
// does not come sooner.
const worthIt = 1400

// compressed sends answers in zstd or gzip to whoever takes them. A few bytes more
// or less, told by the content, hide how well a secret in an answer compresses
// with what an attacker made it say (BREACH).
func compressed(handler http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(worthIt), gzhttp.EnableZstd(true), gzhttp.PreferZstd(true), gzhttp.SuffixETag(kit.CompressedSuffix),
		gzhttp.RandomJitter(32, 0, false), gzhttp.ContentTypeFilter(compressible),
	)
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap(handler)
}

// compressible reports whether an answer of a media type is compressed. Events
// are sent one by one, as they happen.
func compressible(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	switch mediaType {
	case "text/event-stream", "application/pdf", "application/octet-stream",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
		return false
	}
	return gzhttp.DefaultContentTypeFilter(mediaType)
}
