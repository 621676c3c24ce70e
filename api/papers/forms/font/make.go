//go:build ignore

// This program makes the font files beside it from those of the npm package
// @expo-google-fonts/noto-sans-sc 0.4.3:
//
//	npm pack @expo-google-fonts/noto-sans-sc@0.4.3 && tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
//	go run make.go package/400Regular/NotoSansSC_400Regular.ttf package/700Bold/NotoSansSC_700Bold.ttf
//
// The regular font keeps every character; tables that a PDF has no use for go.
// The bold one is for headings, labels and totals: it keeps Latin, the common
// marks and the 3,755 characters of GB 2312's first level.
package main

import (
	"bytes"
	"encoding/binary"
	"log"
	"os"
	"slices"

	"github.com/andybalholm/brotli"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: go run make.go REGULAR.ttf BOLD.ttf")
	}
	write("regular.ttf.br", read(os.Args[1]), nil)
	write("bold.ttf.br", read(os.Args[2]), common())
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	return data
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
	for row := 0xb0; row <= 0xd7; row++ {
		for cell := 0xa1; cell <= 0xfe; cell++ {
			text, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{byte(row), byte(cell)})
			if r := []rune(string(text)); err == nil && len(r) == 1 && r[0] >= 0x4e00 {
				keep[r[0]] = true
			}
		}
	}
	return keep
}

// font gives access to the tables of a TrueType file.
type font struct {
	data   []byte
	tables map[string][]byte
}

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
func u32(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }

func parse(data []byte) font {
	f := font{data, make(map[string][]byte)}
	for i := range u16(data, 4) {
		o := 12 + 16*i
		f.tables[string(data[o:o+4])] = data[u32(data, o+8) : u32(data, o+8)+u32(data, o+12)]
	}
	return f
}

// glyphs maps characters to glyphs, of the table that knows all of Unicode.
func (f font) glyphs() map[rune]int {
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

// subset keeps the glyphs of some characters, numbered anew. Composite glyphs
// are not among them in these fonts; one would stop the program.
func (f font) subset(keep map[rune]bool) font {
	all := f.glyphs()
	var runes []rune
	for r := range keep {
		if all[r] != 0 {
			runes = append(runes, r)
		}
	}
	slices.Sort(runes)
	loca, glyf, hmtx := f.tables["loca"], f.tables["glyf"], f.tables["hmtx"]
	metrics := u16(f.tables["hhea"], 34)
	var newGlyf, newLoca, newHmtx, groups []byte
	numbers := make(map[int]int)
	add := func(g int) int {
		if n, ok := numbers[g]; ok {
			return n
		}
		n := len(numbers)
		numbers[g] = n
		outline := glyf[u32(loca, 4*g):u32(loca, 4*g+4)]
		if len(outline) > 0 && int16(u16(outline, 0)) < 0 {
			log.Fatalf("glyph %d is a composite", g)
		}
		newLoca = binary.BigEndian.AppendUint32(newLoca, uint32(len(newGlyf)))
		newGlyf = append(newGlyf, outline...)
		for len(newGlyf)%4 != 0 {
			newGlyf = append(newGlyf, 0)
		}
		if g < metrics {
			newHmtx = append(newHmtx, hmtx[4*g:4*g+4]...)
		} else {
			newHmtx = append(newHmtx, hmtx[4*(metrics-1):4*(metrics-1)+2]...)
			newHmtx = append(newHmtx, hmtx[4*metrics+2*(g-metrics):4*metrics+2*(g-metrics)+2]...)
		}
		return n
	}
	add(0)
	type segment struct {
		first, last rune
		glyph       int
	}
	var segments []segment
	for _, r := range runes {
		g := add(all[r])
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
	// Format 4 for characters of the basic plane, which is all that is kept.
	n := len(segments) + 1
	var ends, starts, deltas, offsets []byte
	for _, s := range segments {
		ends = binary.BigEndian.AppendUint16(ends, uint16(s.last))
		starts = binary.BigEndian.AppendUint16(starts, uint16(s.first))
		deltas = binary.BigEndian.AppendUint16(deltas, uint16(s.glyph-int(s.first)))
		offsets = append(offsets, 0, 0)
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

	out := font{tables: make(map[string][]byte)}
	for tag, table := range f.tables {
		out.tables[tag] = bytes.Clone(table)
	}
	out.tables["glyf"], out.tables["loca"], out.tables["hmtx"], out.tables["cmap"] = newGlyf, newLoca, newHmtx, cmap
	binary.BigEndian.PutUint16(out.tables["maxp"][4:], uint16(len(numbers)))
	binary.BigEndian.PutUint16(out.tables["hhea"][34:], uint16(len(numbers)))
	return out
}

// write packs a font, with the tables that a PDF needs.
func write(name string, data []byte, keep map[rune]bool) {
	f := parse(data)
	if keep != nil {
		f = f.subset(keep)
	}
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
