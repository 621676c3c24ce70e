package domain

// Ground is what an event rests on: a clause of the procedure, or, where the
// procedure is silent, why the event is there.
type Ground struct {
	Clause string
	Why    string // set where there is no clause
}

// Clause is the basis of what a clause of the procedure asks for.
func Clause(number string) Ground { return Ground{Clause: number} }

// Silent is the basis of what the procedure does not speak of.
func Silent(why string) Ground { return Ground{Why: why} }

// Grounded is an event that says what it rests on. Every event of the trade is.
type Grounded interface {
	Event
	RestsOn() Ground
}
