package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
)

//go:embed places.sql
var placesSQL string

// placeFacts are where what has a number of its own lies.
type placeFacts struct {
	key     keyColumns
	kind    textColumn
	number  textColumn
	project textColumn
	center  textColumn
}

func newPlaceFacts() *placeFacts {
	t := newTable("places", placesSQL, Lies{Project: "project", Center: "center"})
	return &placeFacts{
		key: newKeyColumns(t), kind: t.text("kind"), number: t.text("number"), project: t.text("project"),
		center: t.text("center"),
	}
}

func (f *placeFacts) add(r *Recorded, kind, number string, project domain.ProjectID, center domain.CenterID) {
	f.key.begin(r, 0)
	f.kind.add(kind)
	f.number.add(number)
	f.project.add(string(project))
	f.center.add(string(center))
}
