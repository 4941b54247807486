"""The identity photo: networks, geometry, measures, judgement, drawing. Quality control only: nobody is recognised."""
