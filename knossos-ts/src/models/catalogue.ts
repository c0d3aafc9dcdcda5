export type ModelName = 'register' | 'cas-register';
