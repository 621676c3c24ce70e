package imports

import (
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/wording"
)

// Report says how a file was read, and row by row what became of a file.
type Report struct {
	File           string       `json:"file"`
	SHA256         string       `json:"sha256" doc:"Of the file's bytes"`
	Kind           string       `json:"kind" enum:"charges,fault-records,catalogue,counts,users"`
	Format         string       `json:"format" doc:"xlsx or csv, with the encoding"`
	DryRun         bool         `json:"dryRun"`
	Bookable       bool         `json:"bookable" doc:"Whether the file is, or without a dry run would be, recorded: every row, or with partial the good ones"`
	Status         string       `json:"status" enum:"CHECKED,BOOKED,PARTLY_BOOKED,REFUSED,INTERRUPTED" doc:"REFUSED: nothing was recorded. INTERRUPTED: send the same file again to record the rest; nothing is recorded twice"`
	Rows           int          `json:"rows" doc:"Rows of data"`
	Valid          int          `json:"valid" doc:"Rows that could be recorded and were not, because of a dry run or of other rows"`
	Recorded       int          `json:"recorded"`
	Unchanged      int          `json:"unchanged" doc:"Rows recorded by an earlier import"`
	Refused        int          `json:"refused"`
	Ignored        int          `json:"ignored" doc:"Rows below the header without data: totals, signatures, an empty template"`
	UnreadColumns  []string     `json:"unreadColumns" doc:"Headings that were not recognised, and carry nothing that must be read"`
	Columns        []ReadColumn `json:"columns" doc:"Every column of the file, and what it was read as"`
	PassedOver     []PassedRow  `json:"passedOver" doc:"Rows that are no data, and why"`
	Totals         []ReadTotal  `json:"totals" doc:"Every figure that the file states of itself, beside what its rows say"`
	Sheets         []string     `json:"sheets,omitempty" doc:"Worksheets read"`
	OtherSheets    []OtherSheet `json:"otherSheets,omitempty" doc:"Worksheets not read"`
	HiddenRows     []string     `json:"hiddenRows,omitempty" doc:"Rows that a filter hides and that were not read; with hidden they are"`
	HiddenRead     int          `json:"hiddenRead,omitempty" doc:"Hidden rows that were read"`
	TotalAmount    string       `json:"totalAmount,omitempty" doc:"Sum of the rows of a charge list, yuan: as stated, else by the price list"`
	RecordedAmount string       `json:"recordedAmount,omitempty" doc:"Sum of the rows recorded now, yuan"`
	StatedTotal    string       `json:"statedTotal,omitempty" doc:"What the file's own total row says"`
	Note           string       `json:"note,omitempty" doc:"Of a list that broke off: which centers, tickets or sheets were recorded whole, of which nothing was, and what to do. All rows of one center, ticket, sheet or catalogue are recorded in one append, or none is; more than 750 kB of them in several"`
	Position       uint64       `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the rows"`
	Results        []Result     `json:"results" doc:"Every refusal, and successful rows"`
	Unlisted       int          `json:"unlisted,omitempty" doc:"Successful rows left out of results"`
}

// Result is what became of one row; a row with several faults has several.
type Result struct {
	Row      int    `json:"row" doc:"Row of the worksheet or line of the CSV file"`
	Cell     string `json:"cell" doc:"Where: the cell at fault, or the row"`
	Document string `json:"document,omitempty" doc:"Number of the charge, fault line or part"`
	Outcome  string `json:"outcome" enum:"recorded,unchanged,refused,valid"`
	Amount   string `json:"amount,omitempty"`
	Books    string `json:"books,omitempty" doc:"What is recorded, in a sentence"`
	Field    string `json:"field,omitempty"`
	Title    string `json:"title,omitempty" doc:"The field as people call it, in Chinese"`
	Value    string `json:"value,omitempty"`
	Rule     string `json:"rule,omitempty"`
	Code     string `json:"code,omitempty" doc:"Stable name of the rule"`
	Clause   string `json:"clause,omitempty"`
}

// ReadColumn is a column of a file.
type ReadColumn struct {
	Column  string `json:"column" doc:"Its letters"`
	Heading string `json:"heading" doc:"As it stands there; of a group, GROUP/HEADING"`
	Field   string `json:"field,omitempty" doc:"What it was read as; absent: not read"`
	Title   string `json:"title,omitempty" doc:"The field as people call it, in Chinese; columns of an import accepts either"`
	Status  string `json:"status" enum:"READ,BESIDE,ASIDE,UNREAD,SEARCHED" doc:"SEARCHED: of a bank statement, for what a payer names and for nothing else. BESIDE: another heading means the same and was read. ASIDE: known to say nothing of its own. UNREAD: not recognised"`
	Beside  string `json:"beside,omitempty" doc:"The heading that was read instead"`
	Hidden  bool   `json:"hidden,omitempty" doc:"The column is hidden in the worksheet"`
}

// PassedRow is a row that is no data.
type PassedRow struct {
	Place string `json:"place"`
	Text  string `json:"text"`
	Why   string `json:"why" enum:"BLANK,HEADER,TITLE,FOOTER,SIGNATURE,CAPITALS,TOTAL,SUBTOTAL,CARRIED,UNNAMED_SUM,GROUP"`
}

// ReadTotal is a figure that a file states of itself.
type ReadTotal struct {
	Cell   string `json:"cell"`
	Word   string `json:"word" doc:"合计, 小计, …"`
	Name   string `json:"name" doc:"Column or label"`
	Stated string `json:"stated"`
	Found  string `json:"found,omitempty" doc:"What the rows sum to"`
	Rows   string `json:"rows,omitempty" doc:"Which rows"`
	Status string `json:"status" enum:"AGREES,DIFFERS,NOT_COMPARED"`
	Why    string `json:"why,omitempty" doc:"Why it was not compared"`
}

// OtherSheet is a worksheet that was not read.
type OtherSheet struct {
	Name string `json:"name"`
	Why  string `json:"why" enum:"HIDDEN,BLANK,NO_LIST,NOT_CHOSEN"`
}

// read says how a file was read.
func (r *Report) read(list *sheet.List, compared []sheet.Compared, say wording.Language) {
	r.Columns, r.PassedOver, r.Totals = ColumnsRead(list.Headings, func(h sheet.Heading) string { return h.Field },
		"UNREAD"), RowsPassed(list.Passed), []ReadTotal{}
	for i := range r.PassedOver {
		r.PassedOver[i].Place = say.Place(r.PassedOver[i].Place)
	}
	for _, c := range compared {
		r.Totals = append(r.Totals,
			ReadTotal{
				Cell: say.Place(c.Cell), Word: c.Word, Name: c.Name, Stated: c.Stated, Found: c.Found, Rows: say.Place(c.Rows),
				Status: c.Status, Why: say.Say(c.Why),
			})
	}
	r.Sheets, r.HiddenRead = list.Sheets, list.HiddenRead
	r.OtherSheets = SheetsNotRead(list.Others)
	for _, row := range list.Hidden {
		r.HiddenRows = append(r.HiddenRows, say.Place(row.Place()))
	}
}

// ColumnsRead says what every column was read as; other is the status of one that
// is neither read nor known.
func ColumnsRead(headings []sheet.Heading, fieldOf func(sheet.Heading) string, other string) []ReadColumn {
	out := []ReadColumn{}
	for _, h := range headings {
		c := ReadColumn{
			Column: h.Column, Heading: h.Text, Field: fieldOf(h), Title: h.Title, Beside: h.Beside, Hidden: h.Hidden,
			Status: other,
		}
		switch {
		case c.Field != "":
			c.Status = "READ"
			if c.Title == "" { // told by its words
				c.Title = sheet.BankStatement.Title(c.Field)
			}
		case h.Beside != "":
			c.Status = "BESIDE"
		case h.Aside:
			c.Status = "ASIDE"
		}
		out = append(out, c)
	}
	return out
}

// RowsPassed says which rows are no data, and why.
func RowsPassed(passed []sheet.Passed) []PassedRow {
	out := []PassedRow{}
	for _, p := range passed {
		out = append(out, PassedRow{p.Place(), p.Row.Text(), string(p.Why)})
	}
	return out
}

// SheetsNotRead says which worksheets were not read, and why.
func SheetsNotRead(others []sheet.Other) (out []OtherSheet) {
	for _, o := range others {
		out = append(out, OtherSheet{o.Name, o.Why})
	}
	return out
}

const (
	outcomeRecorded  = "recorded"
	outcomeUnchanged = "unchanged"
	outcomeRefused   = "refused"
	outcomeValid     = "valid"
)
