import{a,b,c}from"./chunk-F246XAKR.js";import"./chunk-WOT6VMZA.js";export{a as FONT,c as asSvg,b as chartIn};
