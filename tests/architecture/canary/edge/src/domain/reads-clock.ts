export const stamped = new Date();
