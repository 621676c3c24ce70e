-- Repairs in payment requests, and whether they were paid (§5.2.2).
WITH
    steps AS
    (
        SELECT *
        FROM payables
        WHERE on_date <= {as_of:Date}
          AND return_id != ''
    ),
    by_repair AS
    (
        SELECT
            request, return_id,
            any(month) AS of_month,
            any(region) AS of_region,
            anyIf(project, step = 'REQUESTED') AS of_project,
            anyIf(supplier, step = 'REQUESTED') AS to_supplier,
            anyIf(amount, step = 'REQUESTED') AS asked,
            anyIf(letter, step = 'REQUESTED') AS letter_paper,
            anyIf(sheet, step = 'REQUESTED') AS sheet_paper,
            anyIf(approval, step = 'REQUESTED') AS approval_paper,
            anyIf(on_date, step = 'REQUESTED') AS requested_on,
            anyIf(by, step = 'REQUESTED') AS requested_by,
            anyIf(on_date, step = 'RETURNED') AS returned_on,
            anyIf(by, step = 'RETURNED') AS returned_by,
            anyIf(reason, step = 'RETURNED') AS returned_why,
            anyIf(on_date, step = 'PAID') AS paid_on,
            anyIf(by, step = 'PAID') AS paid_by,
            anyIf(bank_reference, step = 'PAID') AS bank,
            multiIf(countIf(step = 'PAID') > 0, 'PAID', countIf(step = 'RETURNED') > 0, 'RETURNED', 'REQUESTED') AS status
        FROM steps
        GROUP BY request, return_id
        HAVING countIf(step = 'REQUESTED') > 0
    ),
    matching AS
    (
        SELECT
            of_month, of_region, request, return_id, of_project, to_supplier, asked, letter_paper, sheet_paper, approval_paper,
            requested_on, requested_by, status, returned_on, returned_by, returned_why, paid_on, paid_by, bank
        FROM by_repair
        WHERE ({region:String} = '' OR of_region = {region:String})
          AND ({project:String} = '' OR of_project = {project:String})
          AND ({request:String} = '' OR request = {request:String})
          AND ({month:String} = '' OR of_month = {month:String})
          AND ({supplier:String} = '' OR to_supplier = {supplier:String})
          AND ({status:String} = '' OR status = {status:String})
    )
SELECT
    of_month AS month, of_region AS region, request, return_id AS return, of_project AS project, to_supplier AS supplier,
    asked AS amount, letter_paper AS letter, sheet_paper AS sheet, approval_paper AS approval, requested_on, requested_by AS by,
    status, returned_on, returned_by, returned_why AS reason, paid_on, paid_by, bank AS bankReference,
    (SELECT toDecimal128(sumIf(asked, status = 'REQUESTED'), 2) FROM matching) AS total_requested,
    (SELECT toDecimal128(sumIf(asked, status = 'PAID'), 2) FROM matching) AS total_paid
FROM matching
WHERE (of_month, of_region, request, return_id) > ({after_month:String}, {after_region:String}, {after_request:String}, {after_return:String})
ORDER BY of_month, of_region, request, return_id
LIMIT {row_limit:UInt64}
