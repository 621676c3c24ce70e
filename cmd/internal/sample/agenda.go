package sample

import (
	"container/heap"
	"time"
)

// agenda is what people are going to do, in the order of time and, at one
// instant, in the order in which it was put down.
type agenda struct {
	items appointments
	count uint64
}

type appointment struct {
	at    time.Time
	count uint64
	do    func() error
}

func (a *agenda) put(at time.Time, do func() error) {
	a.count++
	heap.Push(&a.items, appointment{at, a.count, do})
}

func (a *agenda) next() (appointment, bool) {
	if len(a.items) == 0 {
		return appointment{}, false
	}
	return heap.Pop(&a.items).(appointment), true
}

type appointments []appointment

func (a appointments) Len() int      { return len(a) }
func (a appointments) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *appointments) Push(x any)   { *a = append(*a, x.(appointment)) }

func (a appointments) Less(i, j int) bool {
	if a[i].at.Equal(a[j].at) {
		return a[i].count < a[j].count
	}
	return a[i].at.Before(a[j].at)
}

func (a *appointments) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	(*a)[last] = appointment{}
	*a = (*a)[:last]
	return x
}
