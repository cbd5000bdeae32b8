import{a,b,c}from"./chunk-U3OSKTPT.js";import"./chunk-WOT6VMZA.js";export{a as FONT,c as asSvg,b as chartIn};
