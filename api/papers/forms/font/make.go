//go:build ignore

// This program makes the font files beside it. In an empty folder, with this file,
// the npm package @expo-google-fonts/noto-sans-sc 0.4.3 and the Debian packages
// fonts-noto-cjk 1:20220127+repack1-1, fonts-hanazono 20170904-2.1 and
// unicode-data 15.0.0-1 unpacked there:
//
//	go mod init make && go get github.com/andybalholm/brotli@v1.3.0 golang.org/x/image@v0.48.0 golang.org/x/text@v0.44.0
//	go run make.go package/400Regular/NotoSansSC_400Regular.ttf package/700Bold/NotoSansSC_700Bold.ttf \
//	  usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc usr/share/fonts/truetype/hanazono/HanaMin[AB].ttf \
//	  usr/share/unicode/Unihan_IRGSources.txt.bz2
//
// The regular font keeps every character, and gets the ideographs that it lacks
// from the font of all of East Asia that it was cut from. Of what that lacks, too,
// it gets the characters of people's and places' names and of today's dictionaries
// from Hanazono Mincho, whose thinner strokes are better than no character. Tables
// that a PDF has no use for go. The bold font is for headings, labels and totals:
// it keeps Latin, the common marks and the 6,763 characters of GB 2312.
package main

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"log"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 7 {
		log.Fatal("usage: go run make.go REGULAR.ttf BOLD.ttf CJK.ttc HANAMINA.ttf HANAMINB.ttf IRGSOURCES.txt.bz2")
	}
	regular := parse(read(os.Args[1]))
	have := regular.glyphs()
	extra := make(map[rune]glyph)
	east, err := sfnt.ParseCollection(read(os.Args[3]))
	if err != nil {
		log.Fatal(err)
	}
	china, err := east.Font(simplified)
	if err != nil {
		log.Fatal(err)
	}
	for r := range ideographs {
		if g, ok := drawn(china, r); ok && have[r] == 0 {
			extra[r] = g
		}
	}
	log.Printf("%d characters of the collection", len(extra))
	names := ofNames(read(os.Args[6]))
	for _, path := range os.Args[4:6] {
		f, err := sfnt.Parse(read(path))
		if err != nil {
			log.Fatal(err)
		}
		n := 0
		for r := range names {
			if _, there := extra[r]; there || have[r] != 0 {
				continue
			}
			if g, ok := drawn(f, r); ok {
				extra[r] = g
				n++
			}
		}
		log.Printf("%d characters of %s", n, path)
	}
	all := make(map[rune]bool)
	for r := range have {
		all[r] = true
	}
	write("regular.ttf.br", regular.subset(all, extra))
	write("bold.ttf.br", parse(read(os.Args[2])).subset(common(), nil))
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// simplified is the number of the Chinese font in the collection.
const simplified = 2

// ideographs are all that Unicode has room for.
func ideographs(yield func(rune) bool) {
	for _, span := range [][2]rune{
		{0x2e80, 0x2fdf}, {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x323af},
	} {
		for r := span[0]; r <= span[1]; r++ {
			if !yield(r) {
				return
			}
		}
	}
}

// ofNames are the characters that China's sources for Unicode took from the register of
// persons, from surveyors and telegraphists, from the press, and from dictionaries of
// today's language and its terms.
func ofNames(sources []byte) map[rune]bool {
	wanted := map[string]bool{
		"GIDC": true, "GCYY": true, "GDM": true, "GRM": true, "GXH": true, "GXHZ": true, "GXC": true, "GCH": true,
		"GBK": true, "GKJ": true, "GJZ": true, "GFZ": true, "GFC": true, "GGH": true, "GZH": true, "GWZ": true,
	}
	out := make(map[rune]bool)
	lines := bufio.NewScanner(bzip2.NewReader(bytes.NewReader(sources)))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 3 || f[1] != "kIRG_GSource" {
			continue
		}
		if source, _, _ := strings.Cut(f[2], "-"); wanted[source] {
			r, err := strconv.ParseInt(strings.TrimPrefix(f[0], "U+"), 16, 32)
			if err != nil {
				log.Fatal(err)
			}
			out[rune(r)] = true
		}
	}
	return out
}

// common are the characters that are kept of the bold font.
func common() map[rune]bool {
	keep := make(map[rune]bool)
	for _, span := range [][2]rune{
		{0x20, 0x17f}, {0x2010, 0x2040}, {0x2190, 0x2199}, {0x2460, 0x2473}, {0x25a0, 0x25ff}, {0x3000, 0x3017},
		{0xff00, 0xff5e}, {0xffe0, 0xffe6},
	} {
		for r := span[0]; r <= span[1]; r++ {
			keep[r] = true
		}
	}
	for row := 0xb0; row <= 0xf7; row++ {
		for cell := 0xa1; cell <= 0xfe; cell++ {
			text, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{byte(row), byte(cell)})
			if r := []rune(string(text)); err == nil && len(r) == 1 && r[0] >= 0x4e00 {
				keep[r[0]] = true
			}
		}
	}
	return keep
}

// em is what the fonts here are drawn in: units of a thousandth.
const em = 1000

// glyph is a character as TrueType keeps it.
type glyph struct {
	outline       []byte
	advance, left int
}

// point is one of a contour.
type point struct {
	x, y int
	on   bool
}

// drawn is a character of a font of another kind, in TrueType's curves.
func drawn(f *sfnt.Font, r rune) (glyph, bool) {
	var b sfnt.Buffer
	index, err := f.GlyphIndex(&b, r)
	if err != nil || index == 0 {
		return glyph{}, false
	}
	segments, err := f.LoadGlyph(&b, index, fixed.I(em), nil)
	if err != nil {
		log.Fatalf("%c: %v", r, err)
	}
	segments = slices.Clone(segments)
	advance, err := f.GlyphAdvance(&b, index, fixed.I(em), font.HintingNone)
	if err != nil {
		log.Fatalf("%c: %v", r, err)
	}
	var (
		contours [][]point
		at       [2]float64
		cubic    bool
	)
	to := func(p fixed.Point26_6) [2]float64 { return [2]float64{float64(p.X) / 64, -float64(p.Y) / 64} }
	add := func(p [2]float64, on bool) {
		last := &contours[len(contours)-1]
		*last = append(*last, point{int(math.Round(p[0])), int(math.Round(p[1])), on})
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			contours = append(contours, nil)
			at = to(s.Args[0])
			add(at, true)
		case sfnt.SegmentOpLineTo:
			at = to(s.Args[0])
			add(at, true)
		case sfnt.SegmentOpQuadTo:
			add(to(s.Args[0]), false)
			at = to(s.Args[1])
			add(at, true)
		case sfnt.SegmentOpCubeTo:
			cubic = true
			one, two, end := to(s.Args[0]), to(s.Args[1]), to(s.Args[2])
			for _, p := range quadratic(at, one, two, end) {
				add(p.at, p.on)
			}
			at = end
		}
	}
	g := glyph{advance: advance.Round()}
	g.outline, g.left = encode(contours, cubic)
	return g, true
}

type placed struct {
	at [2]float64
	on bool
}

// quadratic draws a cubic curve with as many quadratic ones as keep within half a
// unit of it.
func quadratic(a, b, c, d [2]float64) (out []placed) {
	off := math.Hypot(d[0]-3*c[0]+3*b[0]-a[0], d[1]-3*c[1]+3*b[1]-a[1]) * math.Sqrt(3) / 36
	n := max(1, int(math.Ceil(math.Cbrt(off/.5))))
	point := func(t float64) (p, slope [2]float64) {
		u := 1 - t
		for i := range 2 {
			p[i] = u*u*u*a[i] + 3*u*u*t*b[i] + 3*u*t*t*c[i] + t*t*t*d[i]
			slope[i] = 3*u*u*(b[i]-a[i]) + 6*u*t*(c[i]-b[i]) + 3*t*t*(d[i]-c[i])
		}
		return p, slope
	}
	for i := range n {
		h := 1 / float64(n)
		p, ps := point(float64(i) * h)
		q, qs := point(float64(i+1) * h)
		var control [2]float64
		for k := range 2 { // of the part's two cubic controls, which lie a third along its slopes
			control[k] = (3*(p[k]+ps[k]*h/3+q[k]-qs[k]*h/3) - p[k] - q[k]) / 4
		}
		out = append(out, placed{control, false}, placed{q, true})
	}
	return out
}

// encode writes contours as a simple glyph. Those of cubic curves run the other way
// round.
func encode(contours [][]point, reversed bool) (outline []byte, left int) {
	var ends, flags, xs, ys []byte
	n, was := 0, point{}
	low, high := point{math.MaxInt, math.MaxInt, true}, point{math.MinInt, math.MinInt, true}
	count := 0
	for _, c := range contours {
		if len(c) > 1 && c[0] == c[len(c)-1] {
			c = c[:len(c)-1]
		}
		if len(c) < 2 {
			continue
		}
		if reversed {
			slices.Reverse(c)
		}
		for _, p := range c {
			flag := byte(0)
			if p.on {
				flag = 1
			}
			delta := func(d int, short, same byte, to []byte) []byte {
				switch {
				case d == 0:
					flag |= same
				case -256 < d && d < 0:
					flag |= short
					to = append(to, byte(-d))
				case 0 < d && d < 256:
					flag |= short | same
					to = append(to, byte(d))
				default:
					to = binary.BigEndian.AppendUint16(to, uint16(d))
				}
				return to
			}
			xs = delta(p.x-was.x, 2, 16, xs)
			ys = delta(p.y-was.y, 4, 32, ys)
			flags = append(flags, flag)
			low.x, low.y, high.x, high.y = min(low.x, p.x), min(low.y, p.y), max(high.x, p.x), max(high.y, p.y)
			was = p
			n++
		}
		count++
		ends = binary.BigEndian.AppendUint16(ends, uint16(n-1))
	}
	if n == 0 {
		return nil, 0
	}
	for _, v := range []int{count, low.x, low.y, high.x, high.y} {
		outline = binary.BigEndian.AppendUint16(outline, uint16(v))
	}
	return slices.Concat(outline, ends, []byte{0, 0}, flags, xs, ys), low.x
}

// tables gives access to those of a TrueType file.
type ttf struct {
	data   []byte
	tables map[string][]byte
}

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
func u32(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }

func parse(data []byte) ttf {
	f := ttf{data, make(map[string][]byte)}
	for i := range u16(data, 4) {
		o := 12 + 16*i
		f.tables[string(data[o:o+4])] = data[u32(data, o+8) : u32(data, o+8)+u32(data, o+12)]
	}
	return f
}

// glyphs maps characters to glyphs, of the table that knows all of Unicode.
func (f ttf) glyphs() map[rune]int {
	out := make(map[rune]int)
	cmap := f.tables["cmap"]
	for i := range u16(cmap, 2) {
		sub := cmap[u32(cmap, 8+8*i):]
		if u16(sub, 0) != 12 {
			continue
		}
		for g := range u32(sub, 12) {
			at := 16 + 12*g
			for r := u32(sub, at); r <= u32(sub, at+4); r++ {
				out[rune(r)] = u32(sub, at+8) + r - u32(sub, at)
			}
		}
	}
	return out
}

// subset keeps the glyphs of some characters, and adds others, in the order of
// their characters. Composite glyphs are not among them in these fonts; one would
// stop the program.
func (f ttf) subset(keep map[rune]bool, extra map[rune]glyph) ttf {
	all := f.glyphs()
	runes := slices.Collect(maps.Keys(extra))
	for r := range keep {
		if all[r] != 0 {
			runes = append(runes, r)
		}
	}
	slices.Sort(runes)
	loca, glyf, hmtx := f.tables["loca"], f.tables["glyf"], f.tables["hmtx"]
	metrics := u16(f.tables["hhea"], 34)
	of := func(g int) glyph {
		if g < metrics {
			return glyph{glyf[u32(loca, 4*g):u32(loca, 4*g+4)], u16(hmtx, 4*g), u16(hmtx, 4*g+2)}
		}
		return glyph{glyf[u32(loca, 4*g):u32(loca, 4*g+4)], u16(hmtx, 4*(metrics-1)), u16(hmtx, 4*metrics+2*(g-metrics))}
	}
	var newGlyf, newLoca, newHmtx, groups []byte
	count, points, contours := 0, 0, 0
	place := func(g glyph) int {
		if len(g.outline) > 0 {
			n := int(int16(u16(g.outline, 0)))
			if n < 0 {
				log.Fatal("a glyph is a composite")
			}
			contours, points = max(contours, n), max(points, u16(g.outline, 10+2*(n-1))+1)
		}
		newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
		newGlyf = append(newGlyf, g.outline...)
		for len(newGlyf)%4 != 0 {
			newGlyf = append(newGlyf, 0)
		}
		newHmtx = binary.BigEndian.AppendUint16(newHmtx, uint16(g.advance))
		newHmtx = binary.BigEndian.AppendUint16(newHmtx, uint16(g.left))
		count++
		return count - 1
	}
	numbers := make(map[int]int)
	add := func(r rune) int {
		if g, ok := extra[r]; ok {
			return place(g)
		}
		if _, ok := numbers[all[r]]; !ok {
			numbers[all[r]] = place(of(all[r]))
		}
		return numbers[all[r]]
	}
	numbers[0] = place(of(0))
	type segment struct {
		first, last rune
		glyph       int
	}
	var segments []segment
	for _, r := range runes {
		g := add(r)
		if n := len(segments); n > 0 && segments[n-1].last == r-1 && segments[n-1].glyph+int(r-segments[n-1].first) == g {
			segments[n-1].last = r
			continue
		}
		segments = append(segments, segment{r, r, g})
	}
	newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
	for _, s := range segments {
		groups = binary.BigEndian.AppendUint32(groups, uint32(s.first))
		groups = binary.BigEndian.AppendUint32(groups, uint32(s.last))
		groups = binary.BigEndian.AppendUint32(groups, uint32(s.glyph))
	}
	// Format 4 for characters of the basic plane.
	var ends, starts, deltas, offsets []byte
	n := 1
	for _, s := range segments {
		if s.first > 0xffff {
			break
		}
		ends = binary.BigEndian.AppendUint16(ends, uint16(s.last))
		starts = binary.BigEndian.AppendUint16(starts, uint16(s.first))
		deltas = binary.BigEndian.AppendUint16(deltas, uint16(s.glyph-int(s.first)))
		offsets = append(offsets, 0, 0)
		n++
	}
	if 16+8*n > math.MaxUint16 {
		log.Fatalf("%d segments do not fit", n)
	}
	ends, starts, deltas, offsets = append(ends, 0xff,
		0xff), append(starts, 0xff, 0xff), append(deltas, 0, 1), append(offsets, 0, 0)
	selector, search := 0, 1
	for search*2 <= n {
		search, selector = search*2, selector+1
	}
	var four []byte
	for _, v := range []int{4, 16 + 8*n, 0, 2 * n, 2 * search, selector, 2 * (n - search)} {
		four = binary.BigEndian.AppendUint16(four, uint16(v))
	}
	four = slices.Concat(four, ends, []byte{0, 0}, starts, deltas, offsets)
	var twelve []byte
	twelve = append(twelve, 0, 12, 0, 0)
	for _, v := range []int{16 + len(groups), 0, len(segments)} {
		twelve = binary.BigEndian.AppendUint32(twelve, uint32(v))
	}
	twelve = append(twelve, groups...)
	var cmap []byte
	cmap = append(cmap, 0, 0, 0, 2, 0, 3, 0, 1)
	cmap = binary.BigEndian.AppendUint32(cmap, 20)
	cmap = append(cmap, 0, 3, 0, 10)
	cmap = binary.BigEndian.AppendUint32(cmap, uint32(20+len(four)))
	cmap = slices.Concat(cmap, four, twelve)

	out := ttf{tables: make(map[string][]byte)}
	for tag, table := range f.tables {
		out.tables[tag] = bytes.Clone(table)
	}
	out.tables["glyf"], out.tables["loca"], out.tables["hmtx"], out.tables["cmap"] = newGlyf, newLoca, newHmtx, cmap
	binary.BigEndian.PutUint16(out.tables["maxp"][4:], uint16(count))
	binary.BigEndian.PutUint16(out.tables["maxp"][6:], uint16(points))
	binary.BigEndian.PutUint16(out.tables["maxp"][8:], uint16(contours))
	binary.BigEndian.PutUint16(out.tables["hhea"][34:], uint16(count))
	return out
}

// write packs a font, with the tables that a PDF needs.
func write(name string, f ttf) {
	var tags []string
	for _, tag := range []string{
		"OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep",
	} {
		if f.tables[tag] != nil {
			tags = append(tags, tag)
		}
	}
	var head, body []byte
	head = append(head, 0, 1, 0, 0, 0, byte(len(tags)), 0, 128, 0, 3, 0, byte(16*len(tags)-128))
	for _, tag := range tags {
		table := f.tables[tag]
		head = append(head, tag...)
		padded := append(bytes.Clone(table), make([]byte, (4-len(table)%4)%4)...)
		sum := uint32(0)
		for i := 0; i < len(padded); i += 4 {
			sum += binary.BigEndian.Uint32(padded[i:])
		}
		head = binary.BigEndian.AppendUint32(head, sum)
		head = binary.BigEndian.AppendUint32(head, uint32(12+16*len(tags)+len(body)))
		head = binary.BigEndian.AppendUint32(head, uint32(len(table)))
		body = append(body, padded...)
	}
	var packed bytes.Buffer
	w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 24})
	if _, err := w.Write(append(head, body...)); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(name, packed.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%s: %d bytes, %d unpacked", name, packed.Len(), len(head)+len(body))
}
