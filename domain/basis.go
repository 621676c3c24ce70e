package domain

// Basis is what an event rests on: a clause of the procedure, or, where the
// procedure is silent, why the event is there.
type Basis struct {
	Clause string
	Why    string // set where there is no clause
}

// Clause is the basis of what a clause of the procedure asks for.
func Clause(number string) Basis { return Basis{Clause: number} }

// Silent is the basis of what the procedure does not speak of.
func Silent(why string) Basis { return Basis{Why: why} }

// Grounded is an event that says what it rests on. Every event of the trade is.
type Grounded interface {
	Event
	RestsOn() Basis
}
