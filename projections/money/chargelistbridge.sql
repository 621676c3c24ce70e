-- From the charge lists (F3) of a quarter's months to what was charged in the
-- quarter: lists close on the 25th, quarters on their last day.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    charged AS
    (
        SELECT center, charge, posted, amount AS gross
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND event_type = 'ChargeAccrued'
          AND account IN ('1122.1', '1122.2')
          AND center IN (SELECT center FROM cut_accounts)
    ),
    reported AS
    (
        SELECT center, charge, max(quarter) AS list_quarter
        FROM documents
        WHERE on_date <= {as_of:Date}
          AND event_type = 'ChargesReported'
          AND charge != ''
          AND center IN (SELECT center FROM cut_accounts)
        GROUP BY center, charge
    ),
    -- What the lists themselves add up to, apart from the charges they must tie with.
    lists AS
    (
        SELECT center, sum(amount) AS listed_sum
        FROM documents
        WHERE on_date <= {as_of:Date}
          AND event_type = 'ChargesReported'
          AND charge = ''
          AND quarter = {quarter:UInt16}
          AND center IN (SELECT center FROM cut_accounts)
        GROUP BY center
    ),
    by_center AS
    (
        SELECT
            center,
            sumIf(gross, list_quarter = {quarter:UInt16} AND posted < {quarter:UInt16}) AS of_earlier_sum,
            sumIf(gross, list_quarter = {quarter:UInt16} AND posted > {quarter:UInt16}) AS of_later_sum,
            sumIf(gross, posted = {quarter:UInt16} AND list_quarter NOT IN (0, {quarter:UInt16})) AS listed_elsewhere_sum,
            sumIf(gross, posted = {quarter:UInt16} AND list_quarter = 0) AS not_listed_sum,
            sumIf(gross, posted = {quarter:UInt16}) AS charges_sum
        FROM charged
        LEFT JOIN reported USING (center, charge)
        GROUP BY center
    )
SELECT
    center, any(name) AS name, any(region) AS region, sum(listed_sum) AS listed, sum(of_earlier_sum) AS of_earlier,
    sum(of_later_sum) AS of_later, sum(listed_elsewhere_sum) AS listed_elsewhere, sum(not_listed_sum) AS not_listed,
    sum(charges_sum) AS charges,
    toInt64({sort_sign:Int8} * 100 * multiIf(
        {sort:String} = 'listed', sum(listed_sum),
        {sort:String} = 'notListed', sum(not_listed_sum),
        {sort:String} = 'charges', sum(charges_sum),
        toDecimal64(0, 2))) AS sort_key
FROM cut_accounts
LEFT JOIN by_center USING (center)
LEFT JOIN lists USING (center)
GROUP BY GROUPING SETS ((center), ())
HAVING center = '' OR (sort_key, center) > ({after_sort:Int64}, {after_center:String})
ORDER BY center != '', sort_key, center
LIMIT {row_limit:UInt64} + 1
