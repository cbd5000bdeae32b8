import{a,b,c}from"./chunk-FR6F2K2Z.js";import"./chunk-WOT6VMZA.js";export{a as FONT,c as asSvg,b as chartIn};
