package forms

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/signintech/gopdf"
)

// PDF writes the form as a document that prints on A4 and carries its font.
func (f Form) PDF(w io.Writer) error { return PDF(w, f) }

// PDF writes forms one after the other into one document. Each counts its own
// pages.
func PDF(w io.Writer, forms ...Form) error {
	faces := typeset()
	doc := &gopdf.GoPdf{}
	doc.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4, Unit: gopdf.UnitPT})
	titles := make([]string, 0, len(forms))
	for _, f := range forms {
		titles = append(titles, f.Title)
	}
	doc.SetInfo(gopdf.PdfInfo{Title: strings.Join(slices.Compact(titles), "，"), Producer: "aftersales-ledger"})
	for _, name := range []string{regularFace, boldFace} {
		if err := doc.AddTTFFontFromFontContainer(name, &faces.container); err != nil {
			return fmt.Errorf("form: %w", err)
		}
	}
	for _, f := range forms {
		p := &pdfWriter{typefaces: faces, doc: doc, form: f.plain()}
		if p.write(); p.err != nil {
			return fmt.Errorf("form %s: %w", f.Title, p.err)
		}
	}
	var b bytes.Buffer
	if _, err := doc.WriteTo(&b); err != nil {
		return fmt.Errorf("form: %w", err)
	}
	_, err := w.Write(readable(b.Bytes()))
	return err
}

var (
	toUnicode = regexp.MustCompile(`\d+ beginbfrange\n((?:<[0-9A-F]{4}><[0-9A-F]{4}><[0-9A-F]{4,6}>\n)+)endbfrange\n`)
	oneToOne  = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,6})>`)
)

// readable mends how the library says which character a glyph is, so that people
// find and copy the names on a document: characters beyond the basic plane are two
// numbers there, which the library writes as one, and a list has at most a hundred
// lines. What is written so is shorter, and filled up to the old length: the
// document's parts are found by their places.
func readable(document []byte) []byte {
	const most = 100
	return toUnicode.ReplaceAllFunc(document, func(list []byte) []byte {
		out := make([]byte, 0, len(list))
		for some := range slices.Chunk(oneToOne.FindAllSubmatch(list, -1), most) {
			out = fmt.Appendf(out, "%d beginbfchar\n", len(some))
			for _, one := range some {
				r, err := strconv.ParseUint(string(one[2]), 16, 32)
				if err != nil {
					return list
				}
				out = fmt.Appendf(out, "<%s><", one[1])
				for _, unit := range utf16.AppendRune(nil, rune(r)) {
					out = fmt.Appendf(out, "%04X", unit)
				}
				out = append(out, ">\n"...)
			}
			out = append(out, "endbfchar\n"...)
		}
		for len(out) < len(list) {
			out = append(out, '\n')
		}
		return out[:len(list):len(list)]
	})
}

// pdfWriter draws one form, and keeps the first error.
type pdfWriter struct {
	*typefaces
	doc  *gopdf.GoPdf
	form Form
	err  error
}

func (p *pdfWriter) do(err error) {
	if p.err == nil {
		p.err = err
	}
}

// write draws page after page.
func (p *pdfWriter) write() {
	if note := p.lacking(); note != "" {
		if p.form.Seal != "" {
			note = p.form.Seal + "\n" + note
		}
		p.form.Seal = note
	}
	l := p.form.place(false)
	type page struct {
		strips []strip
		head   []strip
	}
	var pages []page
	for _, s := range l.sections {
		begins := s.pages(printHeight(l.wide))
		for n, from := range begins {
			to := len(s.strips)
			if n+1 < len(begins) {
				to = begins[n+1]
			}
			one := page{strips: s.strips[from:to]}
			if n > 0 {
				one.head = one.strips[0].head
			}
			pages = append(pages, one)
		}
	}
	size := gopdf.Rect{W: pageShort, H: pageLong}
	if l.wide {
		size = gopdf.Rect{W: pageLong, H: pageShort}
	}
	for n, one := range pages {
		p.doc.AddPageWithOption(gopdf.PageOption{PageSize: &size})
		p.mark(size)
		y := marginTop
		for _, s := range slices.Concat(one.head, one.strips) {
			p.strip(s, y)
			y += s.height
		}
		p.footer(size, n+1, len(pages))
	}
}

// lacking says which characters of the form the font has not.
func (p *pdfWriter) lacking() string {
	var all []rune
	for _, s := range p.form.place(false).sections {
		for _, strip := range s.strips {
			for _, c := range strip.cells {
				_, lacking := p.setIn(c.text)
				all = append(all, lacking...)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.Sort(all)
	var names []string
	for _, r := range slices.Compact(all) {
		names = append(names, fmt.Sprintf("U+%04X", r))
	}
	return "〓 代替字库所缺之字 stands for characters that the font lacks: " + strings.Join(names, " ")
}

// mark writes across the page what must not be overlooked.
func (p *pdfWriter) mark(size gopdf.Rect) {
	if p.form.Marks == "" {
		return
	}
	const big = 60.0
	text, _ := p.setIn(p.form.Marks)
	name, face := p.faceOf(text, true)
	p.do(p.doc.SetFont(name, "", big))
	p.doc.SetTextColor(0xf6, 0xd5, 0xd5)
	p.doc.Rotate(25, size.W/2, size.H/2)
	p.doc.SetXY((size.W-face.width(text, big))/2, size.H/2-big/2)
	p.do(p.doc.Text(text))
	p.doc.RotateReset()
}

func (p *pdfWriter) footer(size gopdf.Rect, n, of int) {
	const small, above = 8.0, 22.0
	y := size.H - above
	p.doc.SetTextColor(0x55, 0x55, 0x55)
	p.text(marginX, y, p.form.footing(), small, false)
	right := fmt.Sprintf("第 %d 页 / 共 %d 页", n, of)
	p.text(size.W-marginX-p.regular.width(right, small), y, right, small, false)
}

// text writes one line with its baseline at y.
func (p *pdfWriter) text(x, y float64, text string, size float64, bold bool) {
	text, _ = p.setIn(text)
	name, _ := p.faceOf(text, bold)
	p.do(p.doc.SetFont(name, "", size))
	p.doc.SetXY(x, y)
	p.do(p.doc.Text(text))
}

// strip draws the cells of a strip at a height of the page.
func (p *pdfWriter) strip(s strip, y float64) {
	for _, c := range s.cells {
		look := c.look()
		x, width := marginX+c.from, c.to-c.from
		p.doc.SetLineWidth(.5)
		p.doc.SetStrokeColor(0x80, 0x80, 0x80)
		if look.shaded {
			p.doc.SetFillColor(0xf0, 0xf0, 0xf0)
			p.doc.RectFromUpperLeftWithStyle(x, y, width, s.height, "F")
		}
		if look.border {
			p.doc.RectFromUpperLeftWithStyle(x, y, width, s.height, "D")
		}
		if look.underlined {
			p.doc.SetStrokeColor(0x22, 0x22, 0x22)
			p.doc.Line(x, y+s.height, x+width-signGap, y+s.height)
		}
		p.cell(c, x, y, s.height)
	}
}

// cell writes the text of a cell: in the middle of its height, one that is to be
// signed at its foot.
func (p *pdfWriter) cell(c cell, x, y, height float64) {
	look := c.look()
	lines := p.lines(c)
	if look.grey {
		p.doc.SetTextColor(0x55, 0x55, 0x55)
	} else {
		p.doc.SetTextColor(0x11, 0x11, 0x11)
	}
	step := c.size * lineHeight
	top := y + (height-step*float64(len(lines)))/2
	if look.underlined {
		top = y + height - step*float64(len(lines)) - padY
	}
	name, face := p.faceOf(strings.Join(lines, ""), look.bold) // one for all of its lines
	for i, line := range lines {
		at := x + padX
		switch free := c.to - c.from - face.width(line, c.size); {
		case c.right():
			at = x + free - padX
		case look.align == 'c':
			at = x + free/2
		}
		p.text(at, top+step*float64(i)+step*.5+c.size*.36, line, c.size, name == boldFace)
	}
}
