/** The encoder that ships with the project, which new collections begin with. */
export const SHIPPED = 'kindred-drawings-3';
