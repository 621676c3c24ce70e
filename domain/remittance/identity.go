package remittance

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// weight is how much one source, the payer's name or the remark, says.
type weight int

const (
	silent weight = iota
	hints
	names
)

// identity is what a line says of one center.
type identity struct {
	payer, remark weight
	charges       []domain.ChargeID // open ones that the remark names
	reasons       []Reason
}

// level sums both sources up: the row of the table, the lowest first.
func (id identity) level() int { return min(int(id.payer+id.remark), 3) }

func (id *identity) because(chinese, english string) {
	if r := (Reason{chinese, english}); !slices.Contains(id.reasons, r) {
		id.reasons = append(id.reasons, r)
	}
}

// identify tells which centers a line names or hints at, by index.
func (b *book) identify(l Line) map[int]*identity {
	known := make(map[int]*identity)
	of := func(i int) *identity {
		if known[i] == nil {
			known[i] = &identity{}
		}
		return known[i]
	}
	b.byPayer(l, of)
	b.byRemark(l, of)
	maps.DeleteFunc(known, func(_ int, id *identity) bool { return id.level() == 0 })
	return known
}

func (b *book) byPayer(l Line, of func(int) *identity) {
	payer := domain.PlainName(l.Payer)
	if payer == "" {
		return
	}
	same, before := b.names[payer], b.payers[payer]
	for _, i := range same {
		id := of(i)
		id.payer = names
		id.because("付款人即该中心", "the payer is the center by name")
	}
	for _, i := range before {
		if id := of(i); id.payer == names {
			continue
		} else if len(before) == 1 {
			id.payer = names
			id.because("付款人曾为该中心付款", "the payer has paid for this center before")
		} else {
			id.payer = hints
			others := b.listOthers(before, i)
			id.because("付款人曾为该中心及 "+others+" 付款", "the payer has paid for this center and for "+others+" before")
		}
	}
	if !isName(payer) {
		return
	}
	for i, c := range b.centers {
		if slices.Contains(same, i) || slices.Contains(before, i) || !isName(c.name) {
			continue
		}
		if strings.Contains(payer, c.name) || strings.Contains(c.name, payer) {
			id := of(i)
			id.payer = hints
			id.because("付款人与中心名称“"+c.Name+"”相近", fmt.Sprintf("the payer's name resembles the center's, %q", c.Name))
		}
	}
}

func (b *book) listOthers(centers []int, except int) string {
	var ids []string
	for _, i := range centers {
		if i != except {
			ids = append(ids, string(b.centers[i].Center))
		}
	}
	return listed(ids)
}

func (b *book) byRemark(l Line, of func(int) *identity) {
	for _, said := range append([]string{l.Remark}, l.Texts...) {
		b.byText(said, of)
	}
}

// byText looks for what one text of a line names. What another text of the line
// has named already is not said again.
func (b *book) byText(said string, of func(int) *identity) {
	text := domain.Fold(said)
	codes := codesIn(text)
	for _, number := range b.han {
		if namesCode(text, number) {
			codes = append(codes, number)
		}
	}
	for _, code := range codes {
		for _, i := range b.charges[code] {
			b.nameCharge(of(i), i, code)
		}
	}
	plain := domain.PlainName(said)
	for i, c := range b.centers {
		switch {
		case isNamed(c.code, text, codes):
			id := of(i)
			id.remark = names
			id.because("附言含中心编号 "+string(c.Center), "the remark names center "+string(c.Center))
		case isName(c.name) && strings.Contains(plain, c.name):
			id := of(i)
			id.remark = names
			id.because("附言含中心名称", "the remark names the center")
		default:
			if p, ok := c.projectIn(text, plain, codes); ok {
				id := of(i)
				id.remark = max(id.remark, hints)
				id.because("附言含项目 "+string(p.ID)+" "+p.Name, strings.TrimSpace("the remark names project "+string(p.ID)+" "+p.Name))
			}
		}
	}
}

// nameCharge notes an open charge that the remark names.
func (b *book) nameCharge(id *identity, i int, number string) {
	for _, ch := range b.centers[i].open {
		if domain.Fold(string(ch.Charge)) == number && !slices.Contains(id.charges, ch.Charge) {
			id.remark = names
			id.charges = append(id.charges, ch.Charge)
		}
	}
}

// projectIn finds the first of the center's projects that a remark names.
func (c *center) projectIn(text, plain string, codes []string) (Project, bool) {
	for i, p := range c.projects {
		if isNamed(string(p.ID), text, codes) || isName(p.Name) && strings.Contains(plain, p.Name) {
			return c.Projects[i], true
		}
	}
	return Project{}, false
}

// isNamed tells whether a folded code stands in a folded text, of which codes
// are the words that may be codes.
func isNamed(code, text string, codes []string) bool {
	if !isCode(code) {
		return false
	}
	return slices.Contains(codes, code) || !isASCII(code) && namesCode(text, code)
}
