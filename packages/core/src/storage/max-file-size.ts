/**
 * The largest file that is read or written, in bytes: what decodes within some hundred megabytes of
 * memory, and much larger than anything that belongs into version control.
 */
export const maxFileSize: number = 128 * 1024 * 1024
