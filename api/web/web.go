// Package web serves the console: the pages that people work in. Its sources are
// beside it (README.md says where what goes); what is served is console.zip,
// which `make web` packs from them, so that a build of the server needs no Node.
package web

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain/names"
)

//go:embed console.zip
var bundle []byte

// file is one file of the bundle, as a browser takes it.
type file struct {
	plain, gzipped []byte
	kind           string // media type
	tag            string // entity tag, changes with the content
}

// Policy is what a page of the console may do: run and style itself from here,
// speak to here, show a paper of ours in a frame, and make no markup from strings.
// Nothing comes from elsewhere.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'none'; " +
	"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'; require-trusted-types-for 'script'"

const (
	index  = "index.html"
	hashed = "assets/" // named by their content
)

// Console is what is served: the files of the bundle, and the names of codes.
type Console map[string]file

// Open unpacks the bundle.
func Open() (Console, error) {
	files, err := unpack(bundle)
	if err != nil {
		return nil, fmt.Errorf("the console's bundle: %w", err)
	}
	files["names.txt"] = text(names.Table() + "\n[wording.Field]\n" + wording.FieldTable() +
		"\n[wording.Record]\n" + wording.RecordTable())
	return files, nil
}

func named(r *http.Request) string { return strings.TrimPrefix(path.Clean(r.URL.Path), "/") }

// Serves says whether a request is for the console: for a file of it, or, by a
// browser, for a page. The script finds the page, so that every address of the
// console can be opened directly.
func (c Console) Serves(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	name := named(r)
	if _, ok := c[name]; ok || name == "" {
		return true
	}
	return !strings.HasPrefix(name, hashed) && !strings.HasPrefix(name, "v1/") &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (c Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := named(r)
	f, ok := c[name]
	if !ok {
		name, f = index, c[index]
	}
	f.serve(w, r, strings.HasPrefix(name, hashed))
}

func (f file) serve(w http.ResponseWriter, r *http.Request, forEver bool) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("ETag", f.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Del("Content-Language")
	if forEver {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.gzipped
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a browser that went away is its own affair
	}
}

// unpack reads the bundle. What is deflated in it is served as it stands: between
// a header and a trailer it is what gzip is.
func unpack(packed []byte) (Console, error) {
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, err
	}
	files := make(Console, len(z.File))
	for _, f := range z.File {
		raw, err := f.OpenRaw()
		if err != nil {
			return nil, err
		}
		deflated, err := io.ReadAll(raw)
		if err != nil {
			return nil, err
		}
		opened, err := f.Open()
		if err != nil {
			return nil, err
		}
		plain, err := io.ReadAll(opened)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		gzipped := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}, deflated...)
		gzipped = binary.LittleEndian.AppendUint32(gzipped, f.CRC32)
		gzipped = binary.LittleEndian.AppendUint32(gzipped, uint32(len(plain)))
		kind := mime.TypeByExtension(path.Ext(f.Name))
		if kind == "" {
			kind = "text/plain; charset=utf-8"
		}
		files[f.Name] = file{plain, gzipped, kind, fmt.Sprintf("\"%08x-%x\"", f.CRC32, len(plain))}
	}
	if _, ok := files[index]; !ok {
		return nil, fmt.Errorf("it has no %s", index)
	}
	return files, nil
}

// text is a file that is made here: what the program knows and the pages say.
func text(content string) file {
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	_, _ = io.WriteString(z, content) // into memory
	_ = z.Close()
	sum := crc32.ChecksumIEEE([]byte(content))
	return file{[]byte(content), packed.Bytes(), "text/plain; charset=utf-8", fmt.Sprintf("\"%08x-%x\"", sum, len(content))}
}
