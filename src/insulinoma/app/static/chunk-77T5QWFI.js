import{a,b,c,d,e,f,g}from"./chunk-SV45TJVE.js";import"./chunk-WOT6VMZA.js";export{a as Refusal,g as address,b as get,c as post,d as postForBytes,f as remove,e as upload};
