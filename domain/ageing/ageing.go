// Package ageing sorts open money by how late it is.
package ageing

import "aftersales-ledger/domain/money"

// Bucket is a band of days by which a charge is late: as of a date, less its
// due date. As of the due date itself a charge is not due yet.
type Bucket int

// The ageing buckets of the procedure [D]; upper bounds are inclusive.
const (
	NotDue Bucket = iota
	Late1To30
	Late31To60
	Late61To90
	Late91To180
	Late181To365
	LateOver365
	bucketCount int = iota
)

// last is the last day of each bucket but the open one.
var last = [bucketCount - 1]int{0, 30, 60, 90, 180, 365}

// Of returns the bucket of a charge that is so many days late; not more than
// none is not due.
func Of(daysLate int) Bucket {
	for b, day := range last {
		if daysLate <= day {
			return Bucket(b)
		}
	}
	return LateOver365
}

// Buckets lists the buckets in the order of reports.
func Buckets() []Bucket {
	return []Bucket{NotDue, Late1To30, Late31To60, Late61To90, Late91To180, Late181To365, LateOver365}
}

// String names the bucket in days late.
func (b Bucket) String() string {
	return [bucketCount]string{"not due", "1–30", "31–60", "61–90", "91–180", "181–365", "over 365"}[b]
}

// Ageing is open money by bucket, indexed by Bucket, in yuan.
type Ageing [bucketCount]money.Amount

// Total is the sum of all buckets.
func (a Ageing) Total() money.Amount {
	var sum money.Amount
	for _, v := range a {
		sum = sum.Add(v)
	}
	return sum
}
