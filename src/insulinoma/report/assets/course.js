"use strict";
(function () {
  var data = JSON.parse(document.getElementById("course-data").textContent);
  var picture = document.getElementById("picture"), svg = picture.querySelector("svg");
  var tip = document.getElementById("tip"), band = document.getElementById("band"), tools = document.getElementById("tools");
  var first = document.getElementById("first-day"), last = document.getElementById("last-day");
  var byId = {};
  data.items.forEach(function (item) { byId[item.id] = document.getElementById(item.id); });

  function paragraph(text, kind) {
    var p = document.createElement("p");
    p.textContent = text;
    if (kind) { p.className = kind; }
    return p;
  }
  function show(fact) {
    tip.replaceChildren();
    fact.dataset.k.split(" ").slice(0, 6).forEach(function (key) {
      var row = data.rows[key];
      if (!row) { return; }
      var head = paragraph("");
      var strong = document.createElement("strong");
      strong.textContent = row.head;
      head.append(strong);
      tip.append(head, paragraph(row.said), paragraph(row.where, "source"));
    });
    tip.hidden = tip.childElementCount === 0;
    var box = fact.getBoundingClientRect(), frame = picture.getBoundingClientRect();
    var x = Math.min(Math.max(0, box.left - frame.left), Math.max(0, frame.width - tip.offsetWidth));
    var y = box.bottom - frame.top + 6;
    if (box.bottom + tip.offsetHeight + 12 > window.innerHeight) { y = box.top - frame.top - tip.offsetHeight - 6; }
    tip.style.left = x + "px";
    tip.style.top = Math.max(0, y) + "px";
    fact.classList.add("lit");
  }
  function hide(fact) { tip.hidden = true; fact.classList.remove("lit"); }
  svg.querySelectorAll(".fact").forEach(function (fact) {
    var title = fact.querySelector("title");
    if (title) { title.remove(); }
    fact.addEventListener("mouseenter", function () { show(fact); });
    fact.addEventListener("mouseleave", function () { hide(fact); });
    fact.addEventListener("focus", function () { show(fact); });
    fact.addEventListener("blur", function () { hide(fact); });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { tip.hidden = true; zoom(data.days[0], data.days[1]); }
  });

  if (!data.axis) { return; }
  tools.hidden = false;
  var a = data.axis[0], b = data.axis[1], days = data.days, now = days;
  function position(mm) {
    var day = days[0] + (mm - a) / (b - a) * (days[1] - days[0]);
    return a + (day - now[0]) / (now[1] - now[0]) * (b - a);
  }
  function clip(element) {
    if (element.parentNode.id === "clipped") { return; }
    var wrapper = document.createElementNS(svg.namespaceURI, "g");
    wrapper.id = "clipped";
    wrapper.setAttribute("clip-path", "url(#day-area)");
    element.replaceWith(wrapper);
    wrapper.append(element);
  }
  function place(item) {
    var element = byId[item.id];
    if (!element) { return; }
    var x0 = position(item.x0), x1 = position(item.x1), edge = 0.01;
    if (item.how === "move") {
      var out = x0 < a - edge || x0 > b + edge;
      element.style.display = out ? "none" : "";
      element.setAttribute("transform", "translate(" + (x0 - item.x0) * data.scale + ",0)");
      return;
    }
    if (item.how === "clip") { clip(element); } else { x0 = Math.max(a, x0); x1 = Math.min(b, x1); }
    element.style.display = x1 <= x0 ? "none" : "";
    var s = (x1 - x0) / (item.x1 - item.x0);
    element.setAttribute("transform", "translate(" + (x0 - s * item.x0) * data.scale + ",0) scale(" + s + ",1)");
  }
  function zoom(from, to) {
    from = Math.max(days[0], from);
    to = Math.min(days[1], to);
    if (!(to - from >= (days[1] - days[0]) / 500)) { return; }
    now = [from, to];
    data.items.forEach(place);
    first.value = Math.ceil(from * 100) / 100;
    last.value = Math.floor(to * 100) / 100;
  }
  function millimeters(event) {
    var box = svg.getBoundingClientRect();
    return (event.clientX - box.left) / box.width * data.width;
  }
  function dayAt(mm) { return now[0] + (Math.min(Math.max(mm, a), b) - a) / (b - a) * (now[1] - now[0]); }
  var start = null;
  svg.addEventListener("pointerdown", function (event) {
    var mm = millimeters(event);
    if (event.button === 0 && mm >= a && mm <= b) { start = mm; event.preventDefault(); }
  });
  window.addEventListener("pointermove", function (event) {
    if (start === null) { return; }
    var mm = Math.min(Math.max(millimeters(event), a), b), width = svg.getBoundingClientRect().width / data.width;
    band.hidden = Math.abs(mm - start) < 1;
    band.style.left = Math.min(mm, start) * width + "px";
    band.style.width = Math.abs(mm - start) * width + "px";
  });
  window.addEventListener("pointerup", function (event) {
    if (start === null) { return; }
    var one = dayAt(start), two = dayAt(millimeters(event)), far = !band.hidden;
    start = null;
    band.hidden = true;
    if (far) { zoom(Math.min(one, two), Math.max(one, two)); }
  });
  document.getElementById("zoom").addEventListener("submit", function (event) {
    event.preventDefault();
    zoom(Number(first.value), Number(last.value));
  });
  document.getElementById("all-days").addEventListener("click", function () { zoom(days[0], days[1]); });
  zoom(days[0], days[1]);
})();
