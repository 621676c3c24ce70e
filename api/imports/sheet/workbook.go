package sheet

import (
	"errors"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"aftersales-ledger/domain"
)

// bookSheets is the worksheets of a file, in order.
type bookSheets struct{ sheets []worksheet }

type worksheet struct {
	name   string
	hidden bool
	grid   *grid // of one that is seen
	list   bool  // it holds a list of the kind that is read
}

// openWorkbook reads every worksheet that is seen. Hidden ones are not looked at.
func openWorkbook(book *excelize.File) (w bookSheets, err error) {
	names := book.GetSheetList()
	if len(names) == 0 {
		return w, unreadable("file-damaged", "the workbook has no worksheet")
	}
	for _, name := range names {
		seen, err := book.GetSheetVisible(name)
		if err != nil {
			return w, unreadable("file-damaged", "the workbook is damaged; open it in a spreadsheet program and save it again")
		}
		s := worksheet{name: name, hidden: !seen}
		if seen {
			if s.grid, err = xlsxGrid(book, name); err != nil {
				return w, err
			}
		}
		w.sheets = append(w.sheets, s)
	}
	return w, nil
}

// choose returns the worksheets to read: those that a person names, else the one
// that holds a list. Where several do, a person must say which.
func (w bookSheets) choose(named string, layout Layout) (chosen []*grid, err error) {
	lists := w.lists(layout)
	switch {
	case named == "*" && len(lists) == 0:
		return nil, w.noList(layout)
	case named == "*":
		return lists, nil
	case named != "":
		for _, name := range w.split(named) {
			i := slices.IndexFunc(w.sheets, func(s worksheet) bool { return strings.EqualFold(s.name, name) })
			switch {
			case i < 0:
				return nil, unreadable("no-such-sheet", "the workbook has no worksheet “%s”; it has %s", name,
					w.seen())
			case w.sheets[i].hidden:
				return nil, domain.Invalid("worksheet", name, "sheet-hidden",
					"is hidden, and a hidden sheet is never read; show it (取消隐藏) and save the file", "")
			case slices.Contains(chosen, w.sheets[i].grid):
				return nil, domain.Invalid("worksheet", named, "sheet-twice", "names %s twice", "", name)
			}
			chosen = append(chosen, w.sheets[i].grid)
		}
		return chosen, nil
	}
	switch len(lists) {
	case 0:
		return nil, w.noList(layout)
	case 1:
		return lists, nil
	}
	names := make([]string, len(lists))
	for i, g := range lists {
		names[i] = g.sheet
	}
	return nil, domain.Invalid("worksheet", "", "several-sheets",
		"the workbook has several worksheets that hold a list: %s; choose one (sheet: %s), several (sheet: %s) or each of them (sheet: *)", "", names, names[0], strings.Join(names[:2], "/"))
}

// split takes names of worksheets apart, which never hold a /.
func (w bookSheets) split(named string) []string {
	names := strings.Split(named, "/")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

func (w bookSheets) seen() (names []string) {
	for _, s := range w.sheets {
		if !s.hidden {
			names = append(names, s.name)
		}
	}
	return names
}

// lists are the worksheets that hold a list of a kind, or something that comes
// close to one: at least two of its columns are named.
func (w bookSheets) lists(layout Layout) (lists []*grid) {
	for i := range w.sheets {
		s := &w.sheets[i]
		if s.hidden || len(s.grid.rows) == 0 {
			continue
		}
		if _, err := s.grid.findHeader(layout); err == nil || !isCode(err, "no-header") {
			s.list = true
			lists = append(lists, s.grid)
		}
	}
	return lists
}

// noList is why none of the worksheets can be read.
func (w bookSheets) noList(layout Layout) error {
	for _, s := range w.sheets {
		if !s.hidden {
			if _, err := s.grid.findHeader(layout); err != nil {
				return err
			}
		}
	}
	return unreadable("sheets-hidden",
		"every worksheet is hidden, and a hidden sheet is never read; show it (取消隐藏) and save the file")
}

// others are the worksheets that were not read.
func (w bookSheets) others(read []*grid) (out []Other) {
	for _, s := range w.sheets {
		why := OtherNotChosen
		switch {
		case s.grid != nil && slices.Contains(read, s.grid):
			continue
		case s.hidden:
			why = OtherHidden
		case len(s.grid.rows) == 0:
			why = OtherBlank
		case !s.list:
			why = OtherNoList
		}
		out = append(out, Other{s.name, why})
	}
	return out
}

func isCode(err error, code string) bool {
	var r *domain.Rejection
	return errors.As(err, &r) && r.Code == code
}
