package forms

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode"

	"github.com/andybalholm/brotli"
	"github.com/signintech/gopdf"
)

// The font of papers is Noto Sans SC under the SIL Open Font License, which
// stands beside it with the program that packed it. It has what names are written
// with: every character of the state's table (通用规范汉字表), all of the first block of
// ideographs and of extension A, and of those beyond what the fonts that it is made
// of draw.
var (
	//go:embed font/regular.ttf.br
	regularFont []byte
	//go:embed font/bold.ttf.br
	boldFont []byte
)

// Names of the faces within a PDF.
const (
	regularFace = "NotoSansSC-Regular"
	boldFace    = "NotoSansSC-Bold"
)

// face is a font as the layout needs it: how wide each character is.
type face struct {
	widths map[rune]uint16 // in thousandths of the size; what is not there the font lacks
}

func (f face) has(r rune) bool { _, ok := f.widths[r]; return ok }

// typefaces are unpacked once, when the first paper is laid out.
type typefaces struct {
	regular, bold face
	container     gopdf.FontContainer
}

var loadTypefaces = sync.OnceValues(func() (*typefaces, error) {
	t := &typefaces{}
	for _, f := range []struct {
		name   string
		packed []byte
		face   *face
	}{{regularFace, regularFont, &t.regular}, {boldFace, boldFont, &t.bold}} {
		data, err := io.ReadAll(brotli.NewReader(bytes.NewReader(f.packed)))
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", f.name, err)
		}
		if *f.face, err = readFace(data); err != nil {
			return nil, fmt.Errorf("font %s: %w", f.name, err)
		}
		if err := t.container.AddTTFFontData(f.name, data); err != nil {
			return nil, fmt.Errorf("font %s: %w", f.name, err)
		}
	}
	return t, nil
})

// spreadsheetFaces are the faces that worksheets are measured with. Which font a
// spreadsheet program sets them in is not known: where the one asked for is
// missing it takes another, and the widest of those, DejaVu Sans, has Latin
// letters and digits a sixth wider than ours.
var spreadsheetFaces = sync.OnceValue(func() *typefaces {
	t := typeset()
	return &typefaces{regular: t.regular.wider(7, 6), bold: t.bold.wider(5, 4)}
})

// wider is the face with everything but Chinese wider by a ratio.
func (f face) wider(by, of int) face {
	widths := make(map[rune]uint16, len(f.widths))
	for r, w := range f.widths {
		if !wide(r) {
			w = uint16(int(w) * by / of)
		}
		widths[r] = w
	}
	f.widths = widths
	return f
}

// typeset returns the faces. They are part of the program: that they cannot be
// read is a mistake in it.
func typeset() *typefaces {
	t, err := loadTypefaces()
	if err != nil {
		panic(err)
	}
	return t
}

// readFace reads the characters of a TrueType font and their advance widths.
func readFace(data []byte) (f face, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("is cut off")
		}
	}()
	u16 := func(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	u32 := func(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	tables := make(map[string][]byte)
	for i := range u16(data, 4) {
		entry := data[12+16*i:]
		tables[string(entry[:4])] = data[u32(entry, 8) : u32(entry, 8)+u32(entry, 12)]
	}
	em, metrics, advances := u16(tables["head"], 18), u16(tables["hhea"], 34), tables["hmtx"]
	f.widths = make(map[rune]uint16)
	cmap := tables["cmap"]
	for i := range u16(cmap, 2) {
		sub := cmap[u32(cmap, 8+8*i):]
		if u16(sub, 0) != 12 { // segmented coverage of all of Unicode
			continue
		}
		for g := range u32(sub, 12) {
			at := 16 + 12*g
			first, last, glyph := u32(sub, at), u32(sub, at+4), u32(sub, at+8)
			for r := first; r <= last; r++ {
				n := min(glyph+r-first, metrics-1)
				f.widths[rune(r)] = uint16(u16(advances, 4*n) * 1000 / em)
			}
		}
	}
	if len(f.widths) == 0 {
		return f, errors.New("has no table of characters")
	}
	return f, nil
}

// missing stands for a character that the font lacks: 〓, the printers' mark for
// it.
const missing = '〓'

// look are the characters that are drawn as another one that looks the same.
var look = map[rune]rune{'☐': '□', '\u00a0': ' ', '\t': ' ', '☑': '■', '✔': '✓', '✗': '×', '✘': '×', '✖': '×'}

// unseen reports whether a character has no look of its own: what steers others, and
// comes along when a name is copied from a message.
func unseen(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector)
}

// setIn writes a text with the characters of the font. lacking are those that
// it has not.
func (t *typefaces) setIn(text string) (set string, lacking []rune) {
	out := make([]rune, 0, len(text))
	for _, r := range text {
		if unseen(r) {
			continue
		}
		if as, ok := look[r]; ok {
			r = as
		}
		if r != '\n' && !t.regular.has(r) {
			lacking = append(lacking, r)
			r = missing
		}
		out = append(out, r)
	}
	return string(out), lacking
}

// faceOf is the face that a text is set in: bold where the bold one has all of
// it, so that no word changes its weight in the middle.
func (t *typefaces) faceOf(text string, bold bool) (string, face) {
	if bold {
		all := true
		for _, r := range text {
			all = all && (r == '\n' || t.bold.has(r))
		}
		if all {
			return boldFace, t.bold
		}
	}
	return regularFace, t.regular
}

// width of one line in points.
func (f face) width(text string, size float64) float64 {
	n := 0
	for _, r := range text {
		w, ok := f.widths[r]
		if !ok {
			w = 1000
		}
		n += int(w)
	}
	return float64(n) * size / 1000
}
