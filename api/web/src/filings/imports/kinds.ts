/** Lists that a file can bring. */
export const kinds = ['charges', 'fault-records', 'catalogue', 'counts'] as const;
export type Kind = (typeof kinds)[number];

/** Who may bring each: no other is offered it. A test holds it to the document of the API. */
export const importers: Record<Kind, readonly string[]> = {
  charges: ['technician', 'city-lead', 'regional-admin'],
  'fault-records': ['technician', 'city-tech-lead'],
  catalogue: ['materials-planner', 'purchasing-admin', 'tech-group-lead'],
  counts: ['technician', 'project-leader', 'materials-planner', 'regional-admin'],
};
